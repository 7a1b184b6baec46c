package experiments

import "time"

// An Action is the next thing that the team should do, with the one button
// for it. Key is the beginning of its translation keys: KEY_title, KEY_text,
// KEY_button.
type Action struct {
	Key     string
	Field   string  // what is missing, if that is the matter
	Section Section // the page it is written on, if so
	To      Stage   // the stage the button leads to, if so
}

// NextAction is what is next for the team, or, for nobody, the zero Action.
func (e *Experiment) NextAction(now time.Time, zone *time.Location) Action {
	switch e.Stage {
	case Draft:
		return e.write(FaceIdea, Action{Key: "experiment.do_show", To: Idea})
	case Idea:
		return e.write(FacePlan, Action{Key: "experiment.do_plan", To: Planned})
	case Planned:
		return e.nextBeforeStart()
	case Running:
		return e.nextWhileRunning(now, zone)
	case Paused:
		return Action{Key: "experiment.do_resume", To: Running}
	case Ended:
		return e.write(FaceLearning, Action{Key: "experiment.do_learn", To: Learned})
	}
	switch {
	case e.LessonDue():
		return e.write(FaceLearning, Action{})
	case e.CaseID == "" && e.MayBePublished() == nil:
		return Action{Key: "experiment.do_publish"}
	}
	return Action{}
}

// write is the next missing field of a face, or, when it is complete, then.
func (e *Experiment) write(face Face, then Action) Action {
	if key, section := e.NextMissing(face); key != "" {
		return Action{Key: "experiment.do_write_" + string(face), Field: key, Section: section}
	}
	return then
}

func (e *Experiment) nextBeforeStart() Action {
	switch {
	case e.Decisions.Open() > 0:
		return Action{Key: "experiment.do_decisions", Section: SectionDecisions}
	case e.AwaitsConfirmation():
		return Action{Key: "experiment.do_wait"}
	case e.NeedsConfirmation() && e.Confirmed.At.IsZero():
		return Action{Key: "experiment.do_ask_start"}
	}
	return e.write(FacePlan, Action{Key: "experiment.do_start", To: Running})
}

// QuietDays is after how many days without an entry a running experiment is
// asked for one.
const QuietDays = 14

// logQuietSince is when something was last written in the log, or the start.
func (e *Experiment) logQuietSince() time.Time {
	if e.LastLog.IsZero() && e.Lock != nil {
		return e.Lock.At
	}
	return e.LastLog
}

func (e *Experiment) nextWhileRunning(now time.Time, zone *time.Location) Action {
	limit := QuietDays
	if e.Type == Micro {
		limit = QuietDays / 2
	}
	switch {
	case e.Calendar.Overdue(now, zone) > 0:
		return Action{Key: "experiment.do_end", To: Ended}
	case days(e.logQuietSince(), now, zone) >= limit:
		return Action{Key: "experiment.do_log_quiet"}
	}
	return Action{Key: "experiment.do_log"}
}
