/* shard: One shard in one slave: how it comes, runs and goes. */
mtype:state_shard = {
    S_shard_absent,
    S_shard_loading,
    S_shard_completing,
    S_shard_resuming,
    S_shard_running,
    S_shard_copying,
    S_shard_stopping,
    S_shard_stopped,
    S_shard_overdue,
    S_shard_over
}
mtype:event_shard = {
    E_shard_expect,
    E_shard_begin,
    E_shard_resume,
    E_shard_copy,
    E_shard_stop,
    E_shard_forget,
    E_shard_yield,
    E_shard_state_advanced,
    E_shard_started,
    E_shard_not_started,
    E_shard_copied,
    E_shard_not_copied,
    E_shard_let_go,
    E_shard_broke_off,
    E_shard_kept,
    E_shard_deadline,
    E_shard_slave_ended
}

active proctype p_shard() {
    mtype:state_shard state = S_shard_absent;
    mtype:event_shard event;
    bool g_state_whole; /* state whole: every record that the Resume counts is applied and the digest matches */
    bool g_state_broken; /* state broken: a record is missing, too many, unusable or not what the digest says */
    bool g_session_kept; /* session kept: the shard has stopped here and its session is kept */
    bool g_copy_offered; /* copy offered: the bot can send state while the shard runs */
    bool g_epochs_used; /* epochs used: the master speaks dialect 2 */
    bool g_may_run; /* may run: shards may run here: the slave's lease is not over, and it is not about to end */
    do
    :: state == S_shard_over -> assert(true); break
    :: state == S_shard_absent ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect ->
            if
            :: true -> state = S_shard_loading /* row 0: open inbox */
            fi
        :: event == E_shard_begin ->
            if :: g_may_run = true :: g_may_run = false fi;
            if
            :: g_may_run -> state = S_shard_resuming /* row 2: call StartShard */
            :: !g_may_run -> state = S_shard_absent /* row 3: report failure */
            fi;
            d_step { g_may_run = false }
        :: event == E_shard_resume ->
            if :: g_may_run = true :: g_may_run = false fi;
            if :: g_state_whole = true :: g_state_whole = false fi;
            if :: g_state_broken = true :: g_state_broken = false fi;
            if
            :: !g_may_run -> state = S_shard_absent /* row 4: report failure */
            :: g_may_run && g_state_whole -> state = S_shard_resuming /* row 5: call StartShard */
            :: g_may_run && !g_state_whole && !g_state_broken -> state = S_shard_completing /* row 6 */
            :: g_may_run && !g_state_whole && g_state_broken -> state = S_shard_absent /* row 8: report failure */
            fi;
            d_step { g_may_run = false; g_state_whole = false; g_state_broken = false }
        :: event == E_shard_copy -> skip /* refused: only a shard that runs, and is not being copied, can be copied */
        :: event == E_shard_stop -> skip /* refused: the shard is not here */
        :: event == E_shard_forget -> skip /* ignored: there is nothing to forget, or it is in use */
        :: event == E_shard_yield -> skip /* ignored: it does not run, or is being stopped, or has been asked to end */
        :: event == E_shard_state_advanced -> skip /* ignored: only the session makes the state matter */
        :: event == E_shard_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_not_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_not_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_let_go -> skip /* refused: no StopShard was under way */
        :: event == E_shard_broke_off -> skip /* refused: no StopShard was under way */
        :: event == E_shard_kept -> skip /* refused: no StopShard was under way */
        :: event == E_shard_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    :: state == S_shard_loading ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect ->
            if
            :: true -> state = S_shard_loading /* row 1: open inbox */
            fi
        :: event == E_shard_begin ->
            if :: g_may_run = true :: g_may_run = false fi;
            if
            :: g_may_run -> state = S_shard_resuming /* row 2: call StartShard */
            :: !g_may_run -> state = S_shard_loading /* row 3: report failure */
            fi;
            d_step { g_may_run = false }
        :: event == E_shard_resume ->
            if :: g_may_run = true :: g_may_run = false fi;
            if :: g_state_whole = true :: g_state_whole = false fi;
            if :: g_state_broken = true :: g_state_broken = false fi;
            if
            :: !g_may_run -> state = S_shard_loading /* row 4: report failure */
            :: g_may_run && g_state_whole -> state = S_shard_resuming /* row 5: call StartShard */
            :: g_may_run && !g_state_whole && !g_state_broken -> state = S_shard_completing /* row 6 */
            :: g_may_run && !g_state_whole && g_state_broken -> state = S_shard_absent /* row 7: report failure, drop session and inbox */
            fi;
            d_step { g_may_run = false; g_state_whole = false; g_state_broken = false }
        :: event == E_shard_copy -> skip /* refused: only a shard that runs, and is not being copied, can be copied */
        :: event == E_shard_stop -> skip /* refused: the shard is not here */
        :: event == E_shard_forget ->
            if
            :: true -> state = S_shard_absent /* row 36: drop session and inbox */
            fi
        :: event == E_shard_yield -> skip /* ignored: it does not run, or is being stopped, or has been asked to end */
        :: event == E_shard_state_advanced -> skip /* ignored: only the session makes the state matter */
        :: event == E_shard_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_not_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_not_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_let_go -> skip /* refused: no StopShard was under way */
        :: event == E_shard_broke_off -> skip /* refused: no StopShard was under way */
        :: event == E_shard_kept -> skip /* refused: no StopShard was under way */
        :: event == E_shard_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    :: state == S_shard_completing ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect -> skip /* refused: the shard is here already */
        :: event == E_shard_begin -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_resume -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_copy -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_stop -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_forget -> skip /* ignored: there is nothing to forget, or it is in use */
        :: event == E_shard_yield ->
            if :: g_session_kept = true :: g_session_kept = false fi;
            if
            :: !g_session_kept -> state = S_shard_absent /* row 39: report failure, drop session and inbox */
            :: g_session_kept -> state = S_shard_stopped /* row 40: report failure */
            fi;
            d_step { g_session_kept = false }
        :: event == E_shard_state_advanced ->
            if :: g_state_whole = true :: g_state_whole = false fi;
            if :: g_state_broken = true :: g_state_broken = false fi;
            if :: g_session_kept = true :: g_session_kept = false fi;
            if
            :: g_state_whole -> state = S_shard_resuming /* row 9: call StartShard */
            :: !g_state_whole && !g_state_broken -> state = S_shard_completing /* row 10 */
            :: !g_state_whole && g_state_broken && !g_session_kept -> state = S_shard_absent /* row 11: report failure, drop session and inbox */
            :: !g_state_whole && g_state_broken && g_session_kept -> state = S_shard_stopped /* row 12: report failure */
            fi;
            d_step { g_state_whole = false; g_state_broken = false; g_session_kept = false }
        :: event == E_shard_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_not_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_not_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_let_go -> skip /* refused: no StopShard was under way */
        :: event == E_shard_broke_off -> skip /* refused: no StopShard was under way */
        :: event == E_shard_kept -> skip /* refused: no StopShard was under way */
        :: event == E_shard_deadline ->
            if :: g_session_kept = true :: g_session_kept = false fi;
            if
            :: !g_session_kept -> state = S_shard_absent /* row 13: report failure, drop session and inbox */
            :: g_session_kept -> state = S_shard_stopped /* row 14: report failure */
            fi;
            d_step { g_session_kept = false }
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    :: state == S_shard_resuming ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect -> skip /* refused: the shard is here already */
        :: event == E_shard_begin -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_resume -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_copy -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_stop -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_forget -> skip /* ignored: there is nothing to forget, or it is in use */
        :: event == E_shard_yield ->
            if
            :: true -> state = S_shard_resuming /* row 41: cancel StartShard */
            fi
        :: event == E_shard_state_advanced -> skip /* ignored: only the session makes the state matter */
        :: event == E_shard_started ->
            if :: g_may_run = true :: g_may_run = false fi;
            if
            :: g_may_run -> state = S_shard_running /* row 15: answer started */
            :: !g_may_run -> state = S_shard_stopping /* row 16: report failure, yield unasked, call StopShard */
            fi;
            d_step { g_may_run = false }
        :: event == E_shard_not_started ->
            if :: g_session_kept = true :: g_session_kept = false fi;
            if
            :: !g_session_kept -> state = S_shard_absent /* row 17: report failure */
            :: g_session_kept -> state = S_shard_stopped /* row 18: report failure */
            fi;
            d_step { g_session_kept = false }
        :: event == E_shard_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_not_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_let_go -> skip /* refused: no StopShard was under way */
        :: event == E_shard_broke_off -> skip /* refused: no StopShard was under way */
        :: event == E_shard_kept -> skip /* refused: no StopShard was under way */
        :: event == E_shard_deadline ->
            if
            :: true -> state = S_shard_overdue /* row 19: report failure */
            fi
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    :: state == S_shard_running ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect -> skip /* refused: the shard is here already */
        :: event == E_shard_begin ->
            if
            :: true -> state = S_shard_running /* row 21: answer started */
            fi
        :: event == E_shard_resume ->
            if
            :: true -> state = S_shard_running /* row 20: answer started */
            fi
        :: event == E_shard_copy ->
            if :: g_copy_offered = true :: g_copy_offered = false fi;
            if
            :: g_copy_offered -> state = S_shard_copying /* row 24: call CopyShard */
            :: !g_copy_offered -> state = S_shard_running /* row 25: report failure */
            fi;
            d_step { g_copy_offered = false }
        :: event == E_shard_stop ->
            if
            :: true -> state = S_shard_stopping /* row 29: call StopShard */
            fi
        :: event == E_shard_forget -> skip /* ignored: there is nothing to forget, or it is in use */
        :: event == E_shard_yield ->
            if
            :: true -> state = S_shard_stopping /* row 37: yield unasked, call StopShard */
            fi
        :: event == E_shard_state_advanced -> skip /* ignored: only the session makes the state matter */
        :: event == E_shard_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_not_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_not_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_let_go -> skip /* refused: no StopShard was under way */
        :: event == E_shard_broke_off -> skip /* refused: no StopShard was under way */
        :: event == E_shard_kept -> skip /* refused: no StopShard was under way */
        :: event == E_shard_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    :: state == S_shard_copying ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect -> skip /* refused: the shard is here already */
        :: event == E_shard_begin ->
            if
            :: true -> state = S_shard_running /* row 23: cancel CopyShard, answer started */
            fi
        :: event == E_shard_resume ->
            if
            :: true -> state = S_shard_running /* row 22: cancel CopyShard, answer started */
            fi
        :: event == E_shard_copy -> skip /* refused: only a shard that runs, and is not being copied, can be copied */
        :: event == E_shard_stop ->
            if
            :: true -> state = S_shard_stopping /* row 30: cancel CopyShard, call StopShard */
            fi
        :: event == E_shard_forget -> skip /* ignored: there is nothing to forget, or it is in use */
        :: event == E_shard_yield ->
            if
            :: true -> state = S_shard_stopping /* row 38: cancel CopyShard, yield unasked, call StopShard */
            fi
        :: event == E_shard_state_advanced -> skip /* ignored: only the session makes the state matter */
        :: event == E_shard_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_not_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_copied ->
            if
            :: true -> state = S_shard_running /* row 26: answer copied */
            fi
        :: event == E_shard_not_copied ->
            if
            :: true -> state = S_shard_running /* row 27: report failure */
            fi
        :: event == E_shard_let_go -> skip /* refused: no StopShard was under way */
        :: event == E_shard_broke_off -> skip /* refused: no StopShard was under way */
        :: event == E_shard_kept -> skip /* refused: no StopShard was under way */
        :: event == E_shard_deadline ->
            if
            :: true -> state = S_shard_running /* row 28: cancel CopyShard, report failure */
            fi
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    :: state == S_shard_stopping ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect -> skip /* refused: the shard is here already */
        :: event == E_shard_begin -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_resume -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_copy -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_stop -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_forget -> skip /* ignored: there is nothing to forget, or it is in use */
        :: event == E_shard_yield -> skip /* ignored: it does not run, or is being stopped, or has been asked to end */
        :: event == E_shard_state_advanced -> skip /* ignored: only the session makes the state matter */
        :: event == E_shard_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_not_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_not_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_let_go ->
            if
            :: true -> state = S_shard_stopped /* row 31: answer stopped */
            fi
        :: event == E_shard_broke_off ->
            if
            :: true -> state = S_shard_stopped /* row 32: report failure */
            fi
        :: event == E_shard_kept ->
            if
            :: true -> state = S_shard_running /* row 33: report failure */
            fi
        :: event == E_shard_deadline ->
            if
            :: true -> state = S_shard_overdue /* row 19: report failure */
            fi
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    :: state == S_shard_stopped ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect ->
            if
            :: true -> state = S_shard_stopped /* row 1: open inbox */
            fi
        :: event == E_shard_begin ->
            if :: g_may_run = true :: g_may_run = false fi;
            if
            :: g_may_run -> state = S_shard_resuming /* row 2: call StartShard */
            :: !g_may_run -> state = S_shard_stopped /* row 3: report failure */
            fi;
            d_step { g_may_run = false }
        :: event == E_shard_resume ->
            if :: g_may_run = true :: g_may_run = false fi;
            if :: g_state_whole = true :: g_state_whole = false fi;
            if :: g_state_broken = true :: g_state_broken = false fi;
            if
            :: !g_may_run -> state = S_shard_stopped /* row 4: report failure */
            :: g_may_run && g_state_whole -> state = S_shard_resuming /* row 5: call StartShard */
            :: g_may_run && !g_state_whole && !g_state_broken -> state = S_shard_completing /* row 6 */
            :: g_may_run && !g_state_whole && g_state_broken -> state = S_shard_stopped /* row 8: report failure */
            fi;
            d_step { g_may_run = false; g_state_whole = false; g_state_broken = false }
        :: event == E_shard_copy -> skip /* refused: only a shard that runs, and is not being copied, can be copied */
        :: event == E_shard_stop ->
            if :: g_epochs_used = true :: g_epochs_used = false fi;
            if
            :: g_epochs_used -> state = S_shard_stopped /* row 34: report failure */
            :: !g_epochs_used -> state = S_shard_stopped /* row 35: answer stopped */
            fi;
            d_step { g_epochs_used = false }
        :: event == E_shard_forget ->
            if
            :: true -> state = S_shard_absent /* row 36: drop session and inbox */
            fi
        :: event == E_shard_yield -> skip /* ignored: it does not run, or is being stopped, or has been asked to end */
        :: event == E_shard_state_advanced -> skip /* ignored: only the session makes the state matter */
        :: event == E_shard_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_not_started -> skip /* refused: no StartShard was under way */
        :: event == E_shard_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_not_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_let_go -> skip /* refused: no StopShard was under way */
        :: event == E_shard_broke_off -> skip /* refused: no StopShard was under way */
        :: event == E_shard_kept -> skip /* refused: no StopShard was under way */
        :: event == E_shard_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    :: state == S_shard_overdue ->
        if
        :: event = E_shard_expect
        :: event = E_shard_begin
        :: event = E_shard_resume
        :: event = E_shard_copy
        :: event = E_shard_stop
        :: event = E_shard_forget
        :: event = E_shard_yield
        :: event = E_shard_state_advanced
        :: event = E_shard_started
        :: event = E_shard_not_started
        :: event = E_shard_copied
        :: event = E_shard_not_copied
        :: event = E_shard_let_go
        :: event = E_shard_broke_off
        :: event = E_shard_kept
        :: event = E_shard_deadline
        :: event = E_shard_slave_ended
        fi;
        if
        :: event == E_shard_expect -> skip /* refused: the shard is here already */
        :: event == E_shard_begin -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_resume -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_copy -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_stop -> skip /* refused: the request before this one has not been answered yet */
        :: event == E_shard_forget -> skip /* ignored: there is nothing to forget, or it is in use */
        :: event == E_shard_yield -> skip /* ignored: it does not run, or is being stopped, or has been asked to end */
        :: event == E_shard_state_advanced -> skip /* ignored: only the session makes the state matter */
        :: event == E_shard_started ->
            if :: g_may_run = true :: g_may_run = false fi;
            if
            :: g_may_run -> state = S_shard_running /* row 15: answer started */
            :: !g_may_run -> state = S_shard_stopping /* row 16: report failure, yield unasked, call StopShard */
            fi;
            d_step { g_may_run = false }
        :: event == E_shard_not_started ->
            if :: g_session_kept = true :: g_session_kept = false fi;
            if
            :: !g_session_kept -> state = S_shard_absent /* row 17: report failure */
            :: g_session_kept -> state = S_shard_stopped /* row 18: report failure */
            fi;
            d_step { g_session_kept = false }
        :: event == E_shard_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_not_copied -> skip /* ignored: the copy was given up before it returned */
        :: event == E_shard_let_go ->
            if
            :: true -> state = S_shard_stopped /* row 31: answer stopped */
            fi
        :: event == E_shard_broke_off ->
            if
            :: true -> state = S_shard_stopped /* row 32: report failure */
            fi
        :: event == E_shard_kept ->
            if
            :: true -> state = S_shard_running /* row 33: report failure */
            fi
        :: event == E_shard_deadline -> skip /* ignored: it was the deadline of a state that has been left */
        :: event == E_shard_slave_ended ->
            if
            :: true -> state = S_shard_over /* row 42: drop session and inbox */
            fi
        fi
    od
}
