/* move: The hand-over of one shard inside an upgrade, and the way back. */
mtype:state_move = {
    S_move_on_old,
    S_move_copying,
    S_move_arming,
    S_move_stopping,
    S_move_handing_over,
    S_move_resuming,
    S_move_on_new,
    S_move_returning,
    S_move_kept,
    S_move_moved,
    S_move_lost,
    S_move_doubtful
}
mtype:event_move = {
    E_move_turn,
    E_move_copied,
    E_move_armed,
    E_move_stopped,
    E_move_not_stopped,
    E_move_stopped_without_state,
    E_move_resumed,
    E_move_not_resumed,
    E_move_returned,
    E_move_not_returned,
    E_move_unclear,
    E_move_halted,
    E_move_upgrade_ended,
    E_move_source_linked,
    E_move_target_linked,
    E_move_source_dead,
    E_move_target_dead,
    E_move_deadline
}

active proctype p_move() {
    mtype:state_move state = S_move_on_old;
    mtype:event_move event;
    bool g_source_dead; /* source dead: nobody has the shard: its owner is dead, or it had none */
    bool g_target_dead; /* target dead: the new owner is dead */
    bool g_target_linked; /* target linked: the new owner can be given requests */
    bool g_copy_offered; /* copy offered: the old owner can send state while the shard runs */
    bool g_arm_offered; /* arm offered: the new owner can dial ahead, or has state to apply that was sent ahead */
    bool g_state_whole; /* state whole: all state that the master was given was passed on */
    bool g_forward; /* forward: the upgrade still goes forward */
    bool g_source_takes_back; /* source takes back: the old owner lives and was not told to shut down */
    bool g_fresh; /* fresh: the last start was already one without a session */
    bool g_target_killable; /* target killable: the master launched the new owner and has not killed it yet */
    do
    :: state == S_move_kept -> assert(true); break
    :: state == S_move_moved -> assert(true); break
    :: state == S_move_lost -> assert(true); break
    :: state == S_move_doubtful -> assert(true); break
    :: state == S_move_on_old ->
        if
        :: event = E_move_turn
        :: event = E_move_copied
        :: event = E_move_armed
        :: event = E_move_stopped
        :: event = E_move_not_stopped
        :: event = E_move_stopped_without_state
        :: event = E_move_resumed
        :: event = E_move_not_resumed
        :: event = E_move_returned
        :: event = E_move_not_returned
        :: event = E_move_unclear
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_source_linked
        :: event = E_move_target_linked
        :: event = E_move_source_dead
        :: event = E_move_target_dead
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn ->
            if :: g_source_dead = true :: g_source_dead = false fi;
            if :: g_copy_offered = true :: g_copy_offered = false fi;
            if :: g_arm_offered = true :: g_arm_offered = false fi;
            if :: g_target_dead = true :: g_target_dead = false fi;
            if :: g_target_linked = true :: g_target_linked = false fi;
            if
            :: !g_source_dead && g_copy_offered -> state = S_move_copying /* row 0: route state, ask to copy */
            :: !g_source_dead && !g_copy_offered && g_arm_offered -> state = S_move_arming /* row 1: route state, ask to arm */
            :: !g_source_dead && !g_copy_offered && !g_arm_offered -> state = S_move_stopping /* row 2: route state, ask to stop */
            :: g_source_dead && !g_target_dead && g_target_linked -> state = S_move_resuming /* row 3: start afresh on new */
            :: g_source_dead && !g_target_dead && !g_target_linked -> state = S_move_handing_over /* row 4: drop the session */
            :: g_source_dead && g_target_dead -> state = S_move_lost /* row 5: owned by nobody */
            fi;
            d_step { g_source_dead = false; g_copy_offered = false; g_arm_offered = false; g_target_dead = false; g_target_linked = false }
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* ignored: the request was repeated, and so is its answer */
        :: event == E_move_not_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if :: g_source_dead = true :: g_source_dead = false fi;
            if
            :: !g_source_dead -> state = S_move_kept /* row 60 */
            :: g_source_dead -> state = S_move_lost /* row 61: owned by nobody */
            fi;
            d_step { g_source_dead = false }
        :: event == E_move_source_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_target_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_source_dead -> skip /* ignored: the upgrade decides when its turn comes */
        :: event == E_move_target_dead -> skip /* ignored: the upgrade decides when its turn comes */
        :: event == E_move_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_move_copying ->
        if
        :: event = E_move_turn
        :: event = E_move_copied
        :: event = E_move_armed
        :: event = E_move_stopped
        :: event = E_move_not_stopped
        :: event = E_move_stopped_without_state
        :: event = E_move_resumed
        :: event = E_move_not_resumed
        :: event = E_move_returned
        :: event = E_move_not_returned
        :: event = E_move_unclear
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_source_linked
        :: event = E_move_target_linked
        :: event = E_move_source_dead
        :: event = E_move_target_dead
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied ->
            if :: g_arm_offered = true :: g_arm_offered = false fi;
            if
            :: g_arm_offered -> state = S_move_arming /* row 6: ask to arm */
            :: !g_arm_offered -> state = S_move_stopping /* row 7: ask to stop */
            fi;
            d_step { g_arm_offered = false }
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_halted ->
            if
            :: true -> state = S_move_on_old /* row 12: unroute state */
            fi
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_kept /* row 15: unroute state */
            fi
        :: event == E_move_source_linked ->
            if
            :: true -> state = S_move_copying /* row 10: ask to copy */
            fi
        :: event == E_move_target_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_source_dead ->
            if
            :: true -> state = S_move_on_old /* row 13: unroute state */
            fi
        :: event == E_move_target_dead ->
            if
            :: true -> state = S_move_on_old /* row 14: unroute state */
            fi
        :: event == E_move_deadline ->
            if
            :: true -> state = S_move_stopping /* row 9: ask to stop */
            fi
        fi
    :: state == S_move_arming ->
        if
        :: event = E_move_turn
        :: event = E_move_copied
        :: event = E_move_armed
        :: event = E_move_stopped
        :: event = E_move_not_stopped
        :: event = E_move_stopped_without_state
        :: event = E_move_resumed
        :: event = E_move_not_resumed
        :: event = E_move_returned
        :: event = E_move_not_returned
        :: event = E_move_unclear
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_source_linked
        :: event = E_move_target_linked
        :: event = E_move_source_dead
        :: event = E_move_target_dead
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed ->
            if
            :: true -> state = S_move_stopping /* row 8: ask to stop */
            fi
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_halted ->
            if
            :: true -> state = S_move_on_old /* row 12: unroute state */
            fi
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_kept /* row 15: unroute state */
            fi
        :: event == E_move_source_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_target_linked ->
            if
            :: true -> state = S_move_arming /* row 11: ask to arm */
            fi
        :: event == E_move_source_dead ->
            if
            :: true -> state = S_move_on_old /* row 13: unroute state */
            fi
        :: event == E_move_target_dead ->
            if
            :: true -> state = S_move_on_old /* row 14: unroute state */
            fi
        :: event == E_move_deadline ->
            if
            :: true -> state = S_move_stopping /* row 9: ask to stop */
            fi
        fi
    :: state == S_move_stopping ->
        if
        :: event = E_move_turn
        :: event = E_move_copied
        :: event = E_move_armed
        :: event = E_move_stopped
        :: event = E_move_not_stopped
        :: event = E_move_stopped_without_state
        :: event = E_move_resumed
        :: event = E_move_not_resumed
        :: event = E_move_returned
        :: event = E_move_not_returned
        :: event = E_move_unclear
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_source_linked
        :: event = E_move_target_linked
        :: event = E_move_source_dead
        :: event = E_move_target_dead
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped ->
            if :: g_target_dead = true :: g_target_dead = false fi;
            if :: g_state_whole = true :: g_state_whole = false fi;
            if :: g_forward = true :: g_forward = false fi;
            if :: g_target_linked = true :: g_target_linked = false fi;
            if
            :: g_target_dead -> state = S_move_returning /* row 16: unroute state, keep the session, give back */
            :: !g_target_dead && !g_state_whole -> state = S_move_returning /* row 17: unroute state, keep the session, report failure, give back */
            :: !g_target_dead && g_state_whole && !g_forward -> state = S_move_returning /* row 18: unroute state, keep the session, give back */
            :: !g_target_dead && g_state_whole && g_forward && g_target_linked -> state = S_move_resuming /* row 19: keep the session, ask to resume */
            :: !g_target_dead && g_state_whole && g_forward && !g_target_linked -> state = S_move_handing_over /* row 20: keep the session */
            fi;
            d_step { g_target_dead = false; g_state_whole = false; g_forward = false; g_target_linked = false }
        :: event == E_move_not_stopped ->
            if
            :: true -> state = S_move_on_old /* row 21: unroute state, report failure */
            fi
        :: event == E_move_stopped_without_state ->
            if
            :: true -> state = S_move_returning /* row 22: unroute state, keep the session, report failure, give back */
            fi
        :: event == E_move_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_unclear ->
            if
            :: true -> state = S_move_stopping /* row 59: report failure */
            fi
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_doubtful /* row 27: unroute state, old in doubt */
            fi
        :: event == E_move_source_linked ->
            if
            :: true -> state = S_move_stopping /* row 23: ask to stop */
            fi
        :: event == E_move_target_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_source_dead ->
            if
            :: true -> state = S_move_on_old /* row 24: unroute state */
            fi
        :: event == E_move_target_dead -> skip /* ignored: the answer to the stop decides */
        :: event == E_move_deadline ->
            if :: g_forward = true :: g_forward = false fi;
            if
            :: g_forward -> state = S_move_stopping /* row 25: report failure */
            :: !g_forward -> state = S_move_doubtful /* row 26: unroute state, old in doubt */
            fi;
            d_step { g_forward = false }
        fi
    :: state == S_move_handing_over ->
        if
        :: event = E_move_turn
        :: event = E_move_copied
        :: event = E_move_armed
        :: event = E_move_stopped
        :: event = E_move_not_stopped
        :: event = E_move_stopped_without_state
        :: event = E_move_resumed
        :: event = E_move_not_resumed
        :: event = E_move_returned
        :: event = E_move_not_returned
        :: event = E_move_unclear
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_source_linked
        :: event = E_move_target_linked
        :: event = E_move_source_dead
        :: event = E_move_target_dead
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_halted ->
            if :: g_source_takes_back = true :: g_source_takes_back = false fi;
            if
            :: g_source_takes_back -> state = S_move_returning /* row 31: unroute state, give back */
            :: !g_source_takes_back -> state = S_move_handing_over /* row 32 */
            fi;
            d_step { g_source_takes_back = false }
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_lost /* row 35: unroute state, owned by nobody */
            fi
        :: event == E_move_source_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_target_linked ->
            if
            :: true -> state = S_move_resuming /* row 28: ask to resume */
            fi
        :: event == E_move_source_dead -> skip /* ignored: it has let go already */
        :: event == E_move_target_dead ->
            if :: g_source_takes_back = true :: g_source_takes_back = false fi;
            if
            :: g_source_takes_back -> state = S_move_returning /* row 29: unroute state, give back */
            :: !g_source_takes_back -> state = S_move_lost /* row 30: unroute state, owned by nobody */
            fi;
            d_step { g_source_takes_back = false }
        :: event == E_move_deadline ->
            if :: g_source_takes_back = true :: g_source_takes_back = false fi;
            if
            :: g_source_takes_back -> state = S_move_returning /* row 33: unroute state, report failure, give back */
            :: !g_source_takes_back -> state = S_move_lost /* row 34: unroute state, report failure, owned by nobody */
            fi;
            d_step { g_source_takes_back = false }
        fi
    :: state == S_move_resuming ->
        if
        :: event = E_move_turn
        :: event = E_move_copied
        :: event = E_move_armed
        :: event = E_move_stopped
        :: event = E_move_not_stopped
        :: event = E_move_stopped_without_state
        :: event = E_move_resumed
        :: event = E_move_not_resumed
        :: event = E_move_returned
        :: event = E_move_not_returned
        :: event = E_move_unclear
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_source_linked
        :: event = E_move_target_linked
        :: event = E_move_source_dead
        :: event = E_move_target_dead
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed ->
            if
            :: true -> state = S_move_on_new /* row 36: owned by new, unroute state */
            fi
        :: event == E_move_not_resumed ->
            if :: g_source_takes_back = true :: g_source_takes_back = false fi;
            if :: g_fresh = true :: g_fresh = false fi;
            if
            :: g_source_takes_back -> state = S_move_returning /* row 37: unroute state, report failure, give back */
            :: !g_source_takes_back && !g_fresh -> state = S_move_resuming /* row 38: unroute state, report failure, start afresh on new */
            :: !g_source_takes_back && g_fresh -> state = S_move_lost /* row 39: unroute state, report failure, owned by nobody */
            fi;
            d_step { g_source_takes_back = false; g_fresh = false }
        :: event == E_move_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_unclear ->
            if
            :: true -> state = S_move_resuming /* row 59: report failure */
            fi
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_doubtful /* row 47: unroute state, new in doubt */
            fi
        :: event == E_move_source_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_target_linked ->
            if
            :: true -> state = S_move_resuming /* row 40: ask to resume */
            fi
        :: event == E_move_source_dead -> skip /* ignored: it has let go already */
        :: event == E_move_target_dead ->
            if :: g_source_takes_back = true :: g_source_takes_back = false fi;
            if
            :: g_source_takes_back -> state = S_move_returning /* row 41: unroute state, give back */
            :: !g_source_takes_back -> state = S_move_lost /* row 42: unroute state, owned by nobody */
            fi;
            d_step { g_source_takes_back = false }
        :: event == E_move_deadline ->
            if :: g_forward = true :: g_forward = false fi;
            if :: g_target_killable = true :: g_target_killable = false fi;
            if :: g_source_takes_back = true :: g_source_takes_back = false fi;
            if
            :: g_forward -> state = S_move_resuming /* row 43: report failure */
            :: !g_forward && g_target_killable && g_source_takes_back -> state = S_move_resuming /* row 44: kill new */
            :: !g_forward && g_target_killable && !g_source_takes_back -> state = S_move_doubtful /* row 45: unroute state, new in doubt */
            :: !g_forward && !g_target_killable -> state = S_move_doubtful /* row 46: unroute state, new in doubt */
            fi;
            d_step { g_forward = false; g_target_killable = false; g_source_takes_back = false }
        fi
    :: state == S_move_on_new ->
        if
        :: event = E_move_turn
        :: event = E_move_copied
        :: event = E_move_armed
        :: event = E_move_stopped
        :: event = E_move_not_stopped
        :: event = E_move_stopped_without_state
        :: event = E_move_resumed
        :: event = E_move_not_resumed
        :: event = E_move_returned
        :: event = E_move_not_returned
        :: event = E_move_unclear
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_source_linked
        :: event = E_move_target_linked
        :: event = E_move_source_dead
        :: event = E_move_target_dead
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* ignored: the request was repeated, or a full start has followed, and so the answer comes again */
        :: event == E_move_not_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the old owner was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_moved /* row 62 */
            fi
        :: event == E_move_source_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_target_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_source_dead -> skip /* ignored: it has let go already */
        :: event == E_move_target_dead ->
            if :: g_source_takes_back = true :: g_source_takes_back = false fi;
            if
            :: g_source_takes_back -> state = S_move_returning /* row 48: give back */
            :: !g_source_takes_back -> state = S_move_lost /* row 49: owned by nobody */
            fi;
            d_step { g_source_takes_back = false }
        :: event == E_move_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_move_returning ->
        if
        :: event = E_move_turn
        :: event = E_move_copied
        :: event = E_move_armed
        :: event = E_move_stopped
        :: event = E_move_not_stopped
        :: event = E_move_stopped_without_state
        :: event = E_move_resumed
        :: event = E_move_not_resumed
        :: event = E_move_returned
        :: event = E_move_not_returned
        :: event = E_move_unclear
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_source_linked
        :: event = E_move_target_linked
        :: event = E_move_source_dead
        :: event = E_move_target_dead
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the new owner was not asked to start it, or the answer has come already */
        :: event == E_move_returned ->
            if
            :: true -> state = S_move_on_old /* row 50: owned by old */
            fi
        :: event == E_move_not_returned ->
            if :: g_fresh = true :: g_fresh = false fi;
            if
            :: !g_fresh -> state = S_move_returning /* row 51: report failure, start afresh on old */
            :: g_fresh -> state = S_move_lost /* row 52: report failure, owned by nobody */
            fi;
            d_step { g_fresh = false }
        :: event == E_move_unclear ->
            if
            :: true -> state = S_move_returning /* row 59: report failure */
            fi
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_doubtful /* row 58: old in doubt */
            fi
        :: event == E_move_source_linked ->
            if
            :: true -> state = S_move_returning /* row 53: ask to return again */
            fi
        :: event == E_move_target_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_source_dead ->
            if :: g_target_dead = true :: g_target_dead = false fi;
            if :: g_target_linked = true :: g_target_linked = false fi;
            if
            :: !g_target_dead && g_target_linked -> state = S_move_resuming /* row 54: start afresh on new */
            :: !g_target_dead && !g_target_linked -> state = S_move_handing_over /* row 55: drop the session */
            :: g_target_dead -> state = S_move_lost /* row 56: owned by nobody */
            fi;
            d_step { g_target_dead = false; g_target_linked = false }
        :: event == E_move_target_dead -> skip /* ignored: it does not go there */
        :: event == E_move_deadline ->
            if
            :: true -> state = S_move_doubtful /* row 57: report failure, old in doubt */
            fi
        fi
    od
}
