/* The hand-over of one shard, as a whole: the master's table move, and the table
   shard in an old slave, 0, and in a new one, 1. This is the glue between them. The
   tables themselves are included, as fsm writes them: once for what they declare,
   once for their processes.

   What is modelled: links that may be cut with what is on them, slaves that may die
   or be slow at any moment, deadlines that may pass at any moment, an upgrade that
   may turn or end at any moment, bots that may fail, the epochs by which both sides
   know what belongs to what, and a lease that may run out at any moment. Of the lease's
   clocks the model takes what they are for: the master takes a slave for dead only when
   the lease is over there and the shard has stopped. What is left out: the state's
   records, so that a slave may find them whole, late or broken; a second shard; dialect
   1; a master that dies; a second try to stop what runs on without a lease; a slave that
   lets go in order to end.

   What is checked after each step:
     - S1: at most one slave serves the shard, or may begin to without another request.
     - Where the move rests, or has ended, the shard is nowhere but where the move says
       that it is; and there it is, unless that slave is dead or its lease has run out.
   And over every run: the move comes to rest or to an end. */

mtype:request = { R_copy, R_arm, R_stop, R_resume }
mtype:answer = { A_copied, A_armed, A_stopped, A_runs, A_stop_failed, A_resume_failed }
mtype:phase = { P_runs, P_not, P_busy, P_unclear }

#define N_move 1
#define N_shard 2
#include "move.pml"
#include "shard.pml"

/* The world: who lives, which links are up, how often one may still be cut or a lease
   may run out, and what is on them. An answer that is not of the present epoch would be ignored, so it is
   not sent, and what is on the way when an epoch begins is forgotten. */
#ifndef CUTS
#define CUTS 1
#endif
bool dead[2], up[2] = true;
byte cuts = CUTS;
bool lapsed[2], unasked[2];     /* the lease is over; it has been, so that the shard may have stopped */
chan to[2] = [4] of { mtype:request, byte };
chan from[2] = [5] of { mtype:answer, mtype:phase };

inline flush_to(slave) { do :: nempty(to[slave]) -> to[slave] ? _, _ :: empty(to[slave]) -> break od }
inline flush_from(slave) { do :: nempty(from[slave]) -> from[slave] ? _, _ :: empty(from[slave]) -> break od }

/* ---- What has to hold. ---- */

#define is(s, state) state_shard[s] == S_shard_##state
#define serves(s) (!dead[s] && (is(s, completing) || is(s, resuming) || is(s, running) || is(s, copying) || is(s, stopping) || is(s, overdue)))
#define only_one (!(serves(0) && serves(1)))
#define moved_is(state) state_move[0] == S_move_##state
#define over (moved_is(kept) || moved_is(moved) || moved_is(lost) || moved_is(doubtful))
#define where_it_should_be ( \
    ((moved_is(on_old) || moved_is(kept)) -> !serves(1) && (serves(0) || dead[0] || unasked[0]) : true) && \
    ((moved_is(on_new) || moved_is(moved)) -> !serves(0) && (serves(1) || dead[1] || unasked[1]) : true) && \
    (moved_is(lost) -> !serves(0) && !serves(1) : true))

inline check() {
    if
    :: only_one && where_it_should_be
    :: !only_one -> printf("violated: two slaves serve the shard\n"); assert(false)
    :: only_one && !where_it_should_be -> printf("violated: the shard is not where the move says\n"); assert(false)
    fi
}

ltl rests_move { []<> settled_move(0) }

/* ---- The master: the move, and what its core keeps for it. ---- */

byte epoch = 1;
bool used, back, fresh, killed; /* used: something was asked for in this epoch */
bool known[2];                  /* that the slave is dead, or has no lease any more */
bool turned, failed, ended;     /* the upgrade */
bool copies, arms, kills;       /* what the bots and the launcher can do */
bool whole = true;
/* What is only known during a step. */
mtype:request want;             /* what is asked for, of whom, and whether in a new epoch */
bool of_taker, renew;
mtype:answer a;
mtype:phase p;

#define giver (back -> 1 : 0)
#define taker (back -> 0 : 1)

#define g_move_heading_back(me) back
#define g_move_giver_dead(me) known[giver]
#define g_move_taker_dead(me) known[taker]
#define g_move_taker_linked(me) up[taker]
#define g_move_copy_offered(me) copies
#define g_move_arm_offered(me) arms
#define g_move_state_whole(me) whole
#define g_move_wanted(me) back == turned
#define g_move_giver_takes_back(me) !known[giver]
#define g_move_fresh(me) fresh
#define g_move_new_killable(me) kills && !killed && !known[1]

#define ask(request, whom) want = request; of_taker = whom
inline e_move_route_state(me) { renew = used; used = true; fresh = false }
inline e_move_unroute_state(me) { skip }
inline e_move_ask_to_copy(me) { ask(R_copy, false) }
inline e_move_ask_to_arm(me) { ask(R_arm, true) }
inline e_move_ask_to_stop(me) { ask(R_stop, false) }
inline e_move_spoil_the_state(me) { whole = false }
inline e_move_keep_the_session(me) { skip }
inline e_move_ask_to_resume(me) { ask(R_resume, true) }
inline e_move_start_what_nobody_has(me) { renew = true; if :: fresh = true :: fresh = false fi; ask(R_resume, true) }
inline e_move_prepare_to_start_what_nobody_has(me) { renew = true; if :: fresh = true :: fresh = false fi }
inline e_move_start_afresh(me) { renew = true; fresh = true; ask(R_resume, true) }
inline e_move_give_back(me) { renew = true; fresh = false; ask(R_resume, false) }
inline e_move_give_back_afresh(me) { renew = true; fresh = true; ask(R_resume, false) }
inline e_move_ask_to_return_again(me) { ask(R_resume, false) }
inline e_move_owned_by_the_taker(me) { skip }
inline e_move_owned_by_the_giver(me) { skip }
inline e_move_owned_by_nobody(me) { skip }
inline e_move_giver_in_doubt(me) { skip }
inline e_move_taker_in_doubt(me) { skip }
inline e_move_report_failure(me) { failed = true }
inline e_move_kill_new(me) { killed = true }

/* The lease is over and the shard does not run, nor may it: so much longer does the
   master wait. */
#define yielded(s) (lapsed[s] && !serves(s))
#define rests (state_move[0] == S_move_on_old || state_move[0] == S_move_on_new)

/* An answer means something by who gives it and where the shard is. */
inline hear(s, event, copied, armed, stopped, runs, not_stopped, broken_off, not_started) {
    from[s] ? a, p;
    if
    :: a == A_copied -> event = copied
    :: a == A_armed -> event = armed
    :: a == A_stopped -> event = stopped
    :: a == A_stop_failed && p == P_runs -> event = not_stopped
    :: a == A_stop_failed && p == P_not -> event = broken_off
    :: a == A_runs || a == A_resume_failed && p == P_runs -> event = runs
    :: a == A_resume_failed && p == P_not -> event = not_started
    :: a != A_copied && a != A_armed && p == P_unclear -> event = E_move_unclear
    :: a != A_copied && a != A_armed && p == P_busy -> skip
    fi;
    a = 0; p = 0
}
inline next_move(me, event) {
    if
    :: !over && nempty(from[giver]) -> hear(giver, event, E_move_copied, 0, E_move_stopped, E_move_returned,
        E_move_not_stopped, E_move_stopped_without_state, E_move_not_returned)
    :: !over && nempty(from[taker]) -> hear(taker, event, 0, E_move_armed, 0, E_move_resumed, 0, 0, E_move_not_resumed)
    /* The upgrade gives the shard its turn while that way has not failed. */
    :: rests && !ended && !failed && back == turned && up[taker] && (up[giver] || known[giver]) -> event = E_move_turn; whole = true
    :: !over && !turned -> turned = true; failed = false; event = E_move_halted
    :: !over && !ended -> ended = true; event = E_move_upgrade_ended
    :: !over && !up[giver] && !dead[giver] && !known[giver] -> flush_to(giver); up[giver] = true; event = E_move_giver_linked
    :: !over && !up[taker] && !dead[taker] && !known[taker] -> flush_to(taker); up[taker] = true; event = E_move_taker_linked
    :: !over && (dead[giver] || yielded(giver)) && !known[giver] -> known[giver] = true; up[giver] = false; event = E_move_giver_dead
    :: !over && (dead[taker] || yielded(taker)) && !known[taker] -> known[taker] = true; up[taker] = false; event = E_move_taker_dead
    :: !over && cuts > 0 -> cuts--; event = E_move_giver_s_state_link_lost
    :: !over && cuts > 0 -> cuts--; event = E_move_taker_s_state_link_lost
    /* It hears of a failure before another deadline passes. */
    :: armed_move_deadline(0) && (!failed || turned) -> event = E_move_deadline
    fi
}
inline refused_move(me, event) { skip }

inline after_move(me) {
    if
    :: renew -> epoch++; flush_from(0); flush_from(1)
    :: else
    fi;
    if
    :: want != 0 && of_taker && up[taker] -> assert(nfull(to[taker])); to[taker] ! want, epoch
    :: want != 0 && !of_taker && up[giver] -> assert(nfull(to[giver])); to[giver] ! want, epoch
    :: else
    fi;
    want = 0; of_taker = false; renew = false;
    if
    :: state_move[me] == S_move_on_old -> back = false
    :: state_move[me] == S_move_on_new -> back = true
    /* From here on the master asks for nothing and hears nothing. */
    :: over -> flush_from(0); flush_from(1); skip;
        d_step {
            up[0] = false; up[1] = false; known[0] = false; known[1] = false; epoch = 0; cuts = 0; used = false; back = false;
            fresh = false; killed = false; turned = false; failed = false; ended = false; kills = false; whole = false
        }
    :: else
    fi;
    check()
}

/* ---- The slaves: the shard, and what its core keeps for it. ---- */

byte seen[2];               /* the highest epoch that was acted on, */
mtype:request order[2];     /* what was asked for at it, */
mtype:answer answer[2];     /* and what was answered to that */
bool kept[2];
mtype:event_shard call[2];  /* the callback under way: told stop, or told resume */
/* What is only known during a step. */
bool complete, broken;      /* the state that a Resume speaks of */
mtype:request asked;        /* what is asked for, */
byte at;                    /* and at which epoch */
mtype:answer reply;
bool refusal;
byte seen_before;
mtype:request order_before;
mtype:answer answer_before;

#define phase(s) (is(s, running) || is(s, copying) -> P_runs : (is(s, overdue) -> P_unclear : \
    (is(s, completing) || is(s, resuming) || is(s, stopping) -> P_busy : P_not)))
#define failed_answer(request) (request == R_copy -> A_copied : (request == R_arm -> A_armed : \
    (request == R_stop -> A_stop_failed : A_resume_failed)))

#define g_shard_state_whole(me) complete
#define g_shard_state_broken(me) broken
#define g_shard_session_kept(me) kept[me]
#define g_shard_copy_offered(me) copies
#define g_shard_epochs_used(me) true
#define g_shard_may_run(me) !lapsed[me]

inline e_shard_open_inbox(me) { reply = A_armed }
inline e_shard_call_StartShard(me) { call[me] = E_shard_resume }
inline e_shard_cancel_StartShard(me) { skip }
inline e_shard_call_CopyShard(me) { skip }
inline e_shard_cancel_CopyShard(me) { skip }
/* An order of the slave's own, which nobody awaits, takes the place of the present one. */
inline e_shard_yield_unasked(me) { order[me] = 0; answer[me] = 0 }
inline e_shard_call_StopShard(me) { call[me] = E_shard_stop }
inline e_shard_answer_started(me) { kept[me] = false; reply = A_runs }
inline e_shard_answer_copied(me) { reply = A_copied }
inline e_shard_answer_stopped(me) { reply = (order[me] != 0 -> A_stopped : 0) }
inline e_shard_report_failure(me) { reply = (order[me] != 0 -> failed_answer(order[me]) : 0) }
inline e_shard_drop_session_and_inbox(me) { kept[me] = false }

/* A slave's core judges the epoch of each order before its shard hears of it. */
inline take(me, event) {
    to[me] ? asked, at;
    if
    :: at > seen[me] || at == seen[me] && (order[me] == R_copy && asked == R_stop ||
        order[me] == R_arm && asked == R_resume && is(me, loading)) ->
        event = (asked == R_copy -> E_shard_copy : (asked == R_arm -> E_shard_expect : (asked == R_stop -> E_shard_stop : E_shard_resume)));
        seen_before = seen[me]; order_before = order[me]; answer_before = answer[me];
        seen[me] = at; order[me] = asked; answer[me] = 0;
        if
        :: asked == R_resume -> complete = true
        :: asked == R_resume -> broken = true
        :: skip
        fi
    /* Asked again: answered again, if there is an answer yet. */
    :: at == seen[me] && order[me] == asked -> reply = answer[me]
    :: at <= seen[me] && order[me] != asked || at < seen[me] -> reply = failed_answer(asked)
    fi
}
inline next_shard(me, event) {
    if
    :: !dead[me] && nempty(to[me]) -> take(me, event)
    :: !dead[me] && call[me] == E_shard_resume -> call[me] = 0; if :: event = E_shard_started :: event = E_shard_not_started fi
    :: !dead[me] && call[me] == E_shard_stop -> call[me] = 0; kept[me] = true;
        if :: event = E_shard_let_go :: event = E_shard_broke_off :: event = E_shard_kept; kept[me] = false fi
    :: !dead[me] && is(me, copying) -> if :: event = E_shard_copied :: event = E_shard_not_copied fi
    :: !dead[me] && is(me, completing) -> event = E_shard_state_advanced; if :: complete = true :: broken = true fi
    :: !dead[me] && armed_shard_deadline(me) -> event = E_shard_deadline
    :: !dead[me] && !over && cuts > 0 && !lapsed[me] -> cuts--; lapsed[me] = true; unasked[me] = true; event = E_shard_yield
    /* Held again, once the master has answered and nothing is left that ran without it. */
    :: yielded(me) && !dead[me] && up[me] -> lapsed[me] = false
    fi
}
inline refused_shard(me, event) { refusal = true }

inline after_shard(me) {
    if
    :: refusal -> reply = failed_answer(asked); seen[me] = seen_before; order[me] = order_before; answer[me] = answer_before
    /* What the slave does by itself in that step takes the answer's place. */
    :: !refusal && event != 0 && reply != 0 -> at = seen[me]; answer[me] = (order[me] != 0 -> reply : 0)
    :: else
    fi;
    if
    :: reply != 0 && up[me] && at == epoch -> assert(nfull(from[me])); from[me] ! reply, phase(me)
    :: else
    fi;
    d_step {
        complete = false; broken = false; asked = 0; at = 0; reply = 0; refusal = false;
        seen_before = 0; order_before = 0; answer_before = 0
    }
    check()
}

#include "move.pml"
#include "shard.pml"

/* Links break and slaves die. What a dead slave knew makes no difference any more. */
inline die(s) {
    atomic {
        !dead[s] -> dead[s] = true;
        flush_to(s);
        d_step {
            state_shard[s] = S_shard_over; seen[s] = 0; order[s] = 0; answer[s] = 0; kept[s] = false;
            call[s] = 0; lapsed[s] = false; unasked[s] = false
        }
    }
}
proctype world() {
end:
    do
    :: atomic { !over && cuts > 0 && up[0] -> cuts--; up[0] = false; flush_from(0) }
    :: atomic { !over && cuts > 0 && up[1] -> cuts--; up[1] = false; flush_from(1) }
    :: die(0)
    :: die(1)
    od
}

init {
    atomic {
        state_shard[0] = S_shard_running;
        if :: copies = true; arms = true :: skip fi;
        if :: kills = true :: skip fi;
        run p_move(0); run p_shard(0); run p_shard(1); run world()
    }
}
