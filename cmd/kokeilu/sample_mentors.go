package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/mentoring"
	"github.com/kokeilu/kokeilu/internal/accounts"
)

type sampleMentor struct {
	ID, Person, Organisation, Lang, Presentation string
	Roles, Languages, Sectors                    []string
	Skills                                       map[string]float64
	Kind                                         string   `yaml:"place_kind"`
	Phases                                       []string `yaml:"strong_phases"`
	Hours                                        float64  `yaml:"hours_per_week"`
	Capacity                                     int
}

type sampleMentorship struct {
	ID, Mentor, Experiment, Role, State string
	Asked                               struct {
		Day             int
		By, Skill, Text string
		Hours           float64
	}
	Answered *struct {
		Day int
	}
}

func (l *sampler) loadMentors(ctx context.Context) error {
	for _, m := range l.data.Mentors {
		if err := l.by(m.Person, -120, func(a accounts.Actor) error { return l.loadMentor(ctx, a, m) }); err != nil {
			return fmt.Errorf("%s: %w", m.ID, err)
		}
	}
	return nil
}

func (l *sampler) loadMentor(ctx context.Context, a accounts.Actor, m sampleMentor) error {
	profile := mentoring.Mentor{
		ID: m.ID, Organisation: m.Organisation, Surroundings: mentoring.Surroundings(m.Kind), Languages: m.Languages,
		Skills: map[string]mentoring.Level{}, Sectors: m.Sectors, Hours: m.Hours, MaxMentees: m.Capacity, Cost: mentoring.Free,
		Presentation: m.Presentation, Lang: m.Lang, Active: true,
	}
	for _, r := range m.Roles {
		profile.Roles = append(profile.Roles, mentorRole(r))
	}
	for skill, level := range m.Skills {
		profile.Skills[skill] = mentoring.Level(level)
	}
	for _, p := range m.Phases {
		profile.Phases = append(profile.Phases, experiments.Stage(p))
	}
	_, err := l.Mentoring.Keep(ctx, a, profile)
	return err
}

func mentorRole(name string) mentoring.Role {
	return mentoring.Role(strings.TrimSuffix(name, "-partner"))
}

func (l *sampler) loadMentorships(ctx context.Context) error {
	for _, m := range l.data.Mentorships {
		if err := l.loadMentorship(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", m.ID, err)
		}
	}
	return nil
}

func (l *sampler) loadMentorship(ctx context.Context, m sampleMentorship) error {
	err := l.by(m.Asked.By, m.Asked.Day, func(a accounts.Actor) error {
		e, _, err := l.Experiments.Get(ctx, a, m.Experiment)
		if err != nil {
			return err
		}
		wish := mentoring.Wish{Role: mentorRole(m.Role), Languages: []string{e.Lang}, Hours: m.Asked.Hours, Mentor: m.Mentor}
		if m.Asked.Skill != "" {
			wish.Skills = []mentoring.Asked{{Skill: m.Asked.Skill, Weight: 3}}
		}
		_, err = l.Mentoring.Ask(ctx, a, m.Experiment, mentoring.Question{ID: m.ID, Wish: wish, Message: m.Asked.Text, Lang: e.Lang, MoveOn: true})
		return err
	})
	if err != nil || m.Answered == nil {
		return err
	}
	for _, mentor := range l.data.Mentors {
		if mentor.ID == m.Mentor {
			return l.by(mentor.Person, m.Answered.Day, func(a accounts.Actor) error { return l.Mentoring.Accept(ctx, a, m.ID) })
		}
	}
	return fmt.Errorf("no mentor %s", m.Mentor)
}
