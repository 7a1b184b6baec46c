package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

// planned is an experiment of the developer in the sample that has no week plan.
const planned = "/en/experiments/vajes2dexad3"

const (
	fits    = `document.documentElement.scrollWidth <= document.documentElement.clientWidth`
	onPhone = `getComputedStyle(document.querySelector(".gridview")).display === "none" && document.querySelector(".weekview").offsetHeight > 0`
	onDesk  = `document.querySelector(".gridview").offsetHeight > 0 && getComputedStyle(document.querySelector(".weekview")).display === "none"`
)

// The grid of weeks on a phone and by the keyboard: goals, fourteen actions,
// eleven done, one moved with its reason, and the score that comes of it.
func TestTheWeekPlanOnAPhoneAndByTheKeyboard(t *testing.T) {
	portal := e2e.StartPortal(t)
	v := e2e.Visit(t, portal.URL)
	v.SignIn("developer")
	phone := e2e.View{Width: 360, Scheme: "light"}
	look := func() {
		t.Helper()
		if err := v.Look(phone); err != nil {
			t.Fatal(err)
		}
	}
	look()
	begin(v)
	v.Sees("The plan has begun")
	add(v, "Ask the clerks of every department", true)
	v.Sees("The action is in the plan")
	v.Awaits(fits + " && " + onPhone)
	v.Awaits(`document.querySelector("#week-1").open && !document.querySelector("#week-2").open`) // one week at a time
	for i := 2; i <= 14; i++ {
		add(v, fmt.Sprintf("Small thing number %d", i), false)
	}
	for range 11 {
		v.Focus("#now form button[data-variant=secondary]")
		v.Enter()
	}
	v.Sees("Week 1: 11 of 14 done")
	v.Sees("78.6%, watch out")
	v.Focus(`#week-2 summary`)
	v.Key("Enter")
	v.Awaits(`document.querySelector("#week-2").open`)

	move(v)
	v.Sees("Week 1: 11 of 14 done") // it stays due where it was
	v.Sees("moved, reason noted")
	v.Awaits(fits)
	v.Check("weeks")
	v.Awaits(onDesk) // Check ends at 1280
	v.Awaits(`document.querySelectorAll(".plan tbody tr").length === 14`)

	look()
	v.Goto("/en/my-work")
	v.Awaits(fits)
	v.Sees("My weeks")
	v.Fill("note_done", "Asked all departments")
	v.Press("Save the note")
	v.Sees("Today's note is saved")
	v.Check("my-work-weeks")
}

// begin makes the plan, from this week's Monday.
func begin(v *e2e.Visitor) {
	v.Goto(planned + "/weeks")
	v.Press("Make week plan 1")
	v.Awaits(fits)
	now := time.Now()
	monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
	v.Fill("start", monday.Format(time.DateOnly))
	v.Fill("goal_1_result", "Meetings take half the time")
	v.Fill("goal_1_measure", "Meetings a week")
	v.Choose("goal_1_direction", "less")
	v.Fill("goal_1_baseline", "20")
	v.Fill("goal_1_target", "16")
	v.Press("Begin with this plan")
}

// add puts an action into this week, by the keyboard or as a finger would.
func add(v *e2e.Visitor, text string, first bool) {
	if !first {
		v.Focus("#add summary")
		v.Key("Enter") // the form is folded once there are actions
		v.Awaits(`document.querySelector("#add").open`)
	}
	v.Focus("#text")
	v.Type(text)
	v.Enter()
}

// move puts the last open action off to another week: without a reason it is
// refused and keeps what was chosen.
func move(v *e2e.Visitor) {
	v.Focus(`#now form a[href$="#move"]`)
	v.Enter()
	v.Fill("week", "4")
	v.Focus("#move button")
	v.Enter()
	v.Sees("Fill this in.")
	v.Awaits(`document.querySelector("#week").value === "4"`)
	v.Fill("reason", "The archive is closed this week")
	v.Focus("#reason")
	v.Enter()
}
