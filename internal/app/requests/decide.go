package requests

import (
	"context"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Ruling is a decision on one request as it stood before the eyes of who decides.
type Ruling struct {
	Request domain.RequestID
	Step    int // the step it was at; 0 = whichever it is at
}

// Answer agrees to requests, or returns them.
type Answer struct {
	Accept   bool
	Reason   string          // of returning; of a kind that answers, what was done
	Document domain.Document // of agreeing where an organ outside decides
}

// Ruled counts what became of a decision on many requests.
type Ruled struct {
	Posted  int       // requests that count now
	Passed  int       // requests that wait for the next organ
	Ended   int       // requests that were returned
	Refused []Unruled // the others, in the order asked for
	Replay  bool      // this very decision was sent before; nothing was written now
}

// Unruled names a request that could not be decided, and the reason.
type Unruled struct {
	Request domain.RequestID
	Why     string
}

// Decide takes a step of requests: it agrees, or returns them with a reason. Each
// is judged by itself, and what cannot be decided is told; where that is the only
// one, it is the error: fault.NotFound outside the scope, fault.Forbidden for who
// is not the one to decide, fault.Conflict where somebody else was quicker.
func (s *Service) Decide(
	ctx context.Context, actor *access.Actor, list []Ruling, a Answer, key string,
) (out Ruled, err error) {
	a.Reason, err = kernel.Note(a.Reason, "理由")
	switch {
	case err != nil:
		return out, err
	case len(list) == 0:
		return out, fault.New(fault.Invalid, "一条也没有选").WithHint("先勾上要办的")
	case len(list) > kernel.MaxPeople:
		return out, fault.New(fault.TooMany, "一次最多办 %d 条", kernel.MaxPeople)
	case !a.Accept && a.Reason == "":
		return out, fault.New(fault.Invalid, "退回要写理由").WithHint("例如：当天没有参加")
	}
	asked := struct {
		Decide []Ruling
		Answer
	}{list, a}
	err = s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, asked, func() (Ruled, error) {
			return s.ruleAll(tx, actor, list, &a)
		})
		return err
	}, access.Decide)
	return out, err
}

func (s *Service) ruleAll(tx *store.Tx, actor *access.Actor, list []Ruling, a *Answer) (out Ruled, err error) {
	holders := map[string][]access.Holder{}
	written := false // the document, with some step
	var denied []domain.RequestID
	for i := range list {
		step, err := s.rule(tx, actor, holders, list[i], a)
		switch fault.CodeOf(err) {
		case fault.NotFound, fault.Forbidden, fault.Conflict, fault.Invalid: // judged before anything is written
			if len(list) == 1 {
				return out, err
			}
			out.Refused = append(out.Refused, Unruled{list[i].Request, kernel.Reason(err)})
			if fault.CodeOf(err) == fault.Forbidden {
				denied = append(denied, list[i].Request)
			}
			continue
		}
		switch {
		case err != nil:
			return out, err
		case !a.Accept:
			out.Ended++
		case step.Rest == 0:
			out.Posted++
		default:
			out.Passed++
		}
		written = written || step.Document != (domain.Document{})
	}
	if a.Document != (domain.Document{}) && a.Accept && !written && len(out.Refused) == 0 {
		return out, fault.New(fault.Invalid, "这一步不等系统以外的文件，不用写文号和日期").WithHint("删去文号和日期再办")
	}
	return out, deny(tx, actor, denied)
}

// deny leaves a line of requests among others that were not the actor's to decide.
func deny(tx *store.Tx, actor *access.Actor, list []domain.RequestID) error {
	var what audit.What
	for _, id := range list {
		q, err := tx.Request(actor.Scope(access.Decide), id)
		if err != nil {
			return err
		}
		what.Members = append(what.Members, q.Member.ID)
	}
	if len(list) == 0 {
		return nil
	}
	return audit.Deny(tx, actor, fault.New(fault.Forbidden, "不由他办"), what)
}

// rule takes one step of one request. It keeps who holds offices above a branch in holders.
func (s *Service) rule(
	tx *store.Tx, actor *access.Actor, holders map[string][]access.Holder, r Ruling, a *Answer,
) (domain.RequestStep, error) {
	var step domain.RequestStep
	q, err := tx.Request(actor.Scope(access.Decide), r.Request)
	if err != nil {
		return step, fault.Hide(err, "这条申报")
	}
	pending := store.PendingOf(&q)
	over := pending.Over()
	who, known := holders[over]
	if !known {
		if who, err = tx.HoldersAbove([]string{over}); err != nil {
			return step, err
		}
		holders[over] = who
	}
	stage := pending.Stage(who)
	switch {
	case q.State == domain.RequestWithdrawn:
		return step, fault.New(fault.Conflict, "这条申报已经撤回")
	case q.State != domain.RequestWaits, r.Step != 0 && r.Step != len(q.Steps)+1: // somebody was quicker
		return step, quicker(&q)
	case !stage.Decides(actor):
		return step, notYours(actor, &pending, &stage)
	}
	step = domain.RequestStep{Seq: len(q.Steps) + 1, Kind: domain.StepReturn, Organs: stage.Organs, Reason: a.Reason}
	word := "退回"
	if a.Accept {
		step.Kind, step.Rest, word = domain.StepAccept, len(pending.Waits)-len(stage.Organs), "同意"
		if err := s.accept(tx, actor, &q, step.Rest == 0, a.Reason); err != nil {
			return step, err
		}
	}
	if step.Document, err = s.documented(&tx.Snapshot, &stage, a); err != nil {
		return step, err
	}
	if err := tx.InsertRequestStep(&q, step, actor.Account); err != nil {
		return step, err
	}
	detail := strings.Join(stage.Organs, "、") + " " + word
	return step, audit.Record(tx, actor, audit.Decided, audit.What{Member: q.Member.ID, Detail: detail})
}

// accept asks the kind of a request.
func (s *Service) accept(
	tx *store.Tx, actor *access.Actor, q *domain.Request, last bool, reason string,
) error {
	k, err := s.Kind(q.Kind)
	switch {
	case err != nil:
		return err
	case k.Answers && reason == "":
		return fault.New(fault.Invalid, "%s要写答复：改在哪里、改成了什么", k.Title).WithHint("先改好再答复；不改的，退回并写理由")
	}
	return k.Accept(tx, actor, q, last)
}

// quicker names who took the last step of a request.
func quicker(q *domain.Request) error {
	if len(q.Steps) == 0 {
		return fault.New(fault.Conflict, "这条申报不在这一步").WithHint("重新打开待确认的清单再办")
	}
	last, word := &q.Steps[len(q.Steps)-1], "退回"
	if last.Kind == domain.StepAccept {
		word = "同意"
	}
	return fault.New(fault.Conflict, "这一步刚才已由%s%s", last.ByName, word)
}

// notYours refuses an actor and names who decides.
func notYours(actor *access.Actor, p *access.Pending, stage *access.Stage) error {
	err := fault.New(fault.Forbidden, "这一步由%s来定", strings.Join(stage.Organs, "、"))
	switch {
	case p.Bars(actor.Person(), stage.Out):
		err = fault.New(fault.Forbidden, "自己的、自己报的，由别人来定")
	}
	if stage.Vacant {
		return err.WithHint("现在没有能办的人：请安全管理员给上级党委再开一个帐号")
	}
	return err.WithHint("现在能办的是%s", Deciders(stage))
}

// Deciders names who may decide at a stage, with their offices.
func Deciders(stage *access.Stage) string {
	names := make([]string, len(stage.Who))
	for i := range stage.Who {
		names[i] = stage.Who[i].Name + "（" + stage.Who[i].Role.String() + "）"
	}
	return strings.Join(names, "、")
}
