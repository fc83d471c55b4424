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
    E_move_dropped,
    E_move_halted,
    E_move_upgrade_ended,
    E_move_giver_linked,
    E_move_taker_linked,
    E_move_giver_dead,
    E_move_taker_dead,
    E_move_giver_s_state_link_lost,
    E_move_taker_s_state_link_lost,
    E_move_deadline
}

active proctype p_move() {
    mtype:state_move state = S_move_on_old;
    mtype:event_move event;
    bool g_heading_back; /* heading back: the new owner gives and the old one takes */
    bool g_giver_dead; /* giver dead: nobody has the shard: the giver is dead, or there was none */
    bool g_taker_dead; /* taker dead: the taker is dead */
    bool g_taker_linked; /* taker linked: the taker can be given requests */
    bool g_copy_offered; /* copy offered: the giver can send state while the shard runs */
    bool g_arm_offered; /* arm offered: the taker can dial ahead, or has state to apply that was sent ahead */
    bool g_state_whole; /* state whole: all state that the master was given can have been passed on */
    bool g_wanted; /* wanted: the upgrade still goes in this direction */
    bool g_giver_takes_back; /* giver takes back: the giver lives and was not told to shut down */
    bool g_fresh; /* fresh: the last start was already one without a session */
    bool g_new_killable; /* new killable: the master can kill the new owner and has not done so yet */
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
        :: event = E_move_dropped
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_giver_linked
        :: event = E_move_taker_linked
        :: event = E_move_giver_dead
        :: event = E_move_taker_dead
        :: event = E_move_giver_s_state_link_lost
        :: event = E_move_taker_s_state_link_lost
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn ->
            if :: g_giver_dead = true :: g_giver_dead = false fi;
            if :: g_copy_offered = true :: g_copy_offered = false fi;
            if :: g_arm_offered = true :: g_arm_offered = false fi;
            if :: g_taker_dead = true :: g_taker_dead = false fi;
            if :: g_taker_linked = true :: g_taker_linked = false fi;
            if
            :: !g_giver_dead && g_copy_offered -> state = S_move_copying /* row 0: route state, ask to copy */
            :: !g_giver_dead && !g_copy_offered && g_arm_offered -> state = S_move_arming /* row 1: route state, ask to arm */
            :: !g_giver_dead && !g_copy_offered && !g_arm_offered -> state = S_move_stopping /* row 2: route state, ask to stop */
            :: g_giver_dead && !g_taker_dead && g_taker_linked -> state = S_move_resuming /* row 3: start what nobody has */
            :: g_giver_dead && !g_taker_dead && !g_taker_linked -> state = S_move_handing_over /* row 4: prepare to start what nobody has */
            :: g_giver_dead && g_taker_dead -> state = S_move_lost /* row 5: owned by nobody */
            fi;
            d_step { g_giver_dead = false; g_copy_offered = false; g_arm_offered = false; g_taker_dead = false; g_taker_linked = false }
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* ignored: the request was repeated, or a full start has followed, and so the answer comes again */
        :: event == E_move_not_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* ignored: the request was repeated, or a full start has followed, and so the answer comes again */
        :: event == E_move_not_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_dropped ->
            if
            :: true -> state = S_move_returning /* row 6: keep the session, give back */
            fi
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if :: g_giver_dead = true :: g_giver_dead = false fi;
            if
            :: !g_giver_dead -> state = S_move_kept /* row 25 */
            :: g_giver_dead -> state = S_move_lost /* row 27: owned by nobody */
            fi;
            d_step { g_giver_dead = false }
        :: event == E_move_giver_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_taker_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_giver_dead -> skip /* ignored: the upgrade decides when its turn comes */
        :: event == E_move_taker_dead -> skip /* ignored: the upgrade decides when its turn comes */
        :: event == E_move_giver_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
        :: event == E_move_taker_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
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
        :: event = E_move_dropped
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_giver_linked
        :: event = E_move_taker_linked
        :: event = E_move_giver_dead
        :: event = E_move_taker_dead
        :: event = E_move_giver_s_state_link_lost
        :: event = E_move_taker_s_state_link_lost
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied ->
            if :: g_arm_offered = true :: g_arm_offered = false fi;
            if
            :: g_arm_offered -> state = S_move_arming /* row 7: ask to arm */
            :: !g_arm_offered -> state = S_move_stopping /* row 8: ask to stop */
            fi;
            d_step { g_arm_offered = false }
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_dropped -> skip /* ignored: it is on its way, and whoever was asked says what became of it */
        :: event == E_move_halted ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 13: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 14: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_upgrade_ended ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_kept /* row 23: unroute state */
            :: g_heading_back -> state = S_move_moved /* row 24: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_giver_linked ->
            if
            :: true -> state = S_move_copying /* row 11: ask to copy */
            fi
        :: event == E_move_taker_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_giver_dead ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 19: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 20: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_taker_dead ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 21: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 22: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_giver_s_state_link_lost ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 15: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 16: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_taker_s_state_link_lost ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 17: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 18: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_deadline ->
            if
            :: true -> state = S_move_stopping /* row 10: ask to stop */
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
        :: event = E_move_dropped
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_giver_linked
        :: event = E_move_taker_linked
        :: event = E_move_giver_dead
        :: event = E_move_taker_dead
        :: event = E_move_giver_s_state_link_lost
        :: event = E_move_taker_s_state_link_lost
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed ->
            if
            :: true -> state = S_move_stopping /* row 9: ask to stop */
            fi
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_dropped -> skip /* ignored: it is on its way, and whoever was asked says what became of it */
        :: event == E_move_halted ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 13: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 14: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_upgrade_ended ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_kept /* row 23: unroute state */
            :: g_heading_back -> state = S_move_moved /* row 24: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_giver_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_taker_linked ->
            if
            :: true -> state = S_move_arming /* row 12: ask to arm */
            fi
        :: event == E_move_giver_dead ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 19: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 20: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_taker_dead ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 21: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 22: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_giver_s_state_link_lost ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 15: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 16: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_taker_s_state_link_lost ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 17: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 18: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_deadline ->
            if
            :: true -> state = S_move_stopping /* row 10: ask to stop */
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
        :: event = E_move_dropped
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_giver_linked
        :: event = E_move_taker_linked
        :: event = E_move_giver_dead
        :: event = E_move_taker_dead
        :: event = E_move_giver_s_state_link_lost
        :: event = E_move_taker_s_state_link_lost
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped ->
            if :: g_taker_dead = true :: g_taker_dead = false fi;
            if :: g_state_whole = true :: g_state_whole = false fi;
            if :: g_wanted = true :: g_wanted = false fi;
            if :: g_taker_linked = true :: g_taker_linked = false fi;
            if
            :: g_taker_dead -> state = S_move_returning /* row 28: unroute state, keep the session, give back */
            :: !g_taker_dead && !g_state_whole -> state = S_move_returning /* row 29: unroute state, keep the session, give back */
            :: !g_taker_dead && g_state_whole && !g_wanted -> state = S_move_returning /* row 30: unroute state, keep the session, give back */
            :: !g_taker_dead && g_state_whole && g_wanted && g_taker_linked -> state = S_move_resuming /* row 31: keep the session, ask to resume */
            :: !g_taker_dead && g_state_whole && g_wanted && !g_taker_linked -> state = S_move_handing_over /* row 32: keep the session */
            fi;
            d_step { g_taker_dead = false; g_state_whole = false; g_wanted = false; g_taker_linked = false }
        :: event == E_move_not_stopped ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 41: unroute state, report failure */
            :: g_heading_back -> state = S_move_on_new /* row 42: unroute state, report failure */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_stopped_without_state ->
            if
            :: true -> state = S_move_returning /* row 33: unroute state, keep the session, report failure, give back */
            fi
        :: event == E_move_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_unclear ->
            if
            :: true -> state = S_move_stopping /* row 81: report failure */
            fi
        :: event == E_move_dropped -> skip /* ignored: it is on its way, and whoever was asked says what became of it */
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_doubtful /* row 40: unroute state, giver in doubt */
            fi
        :: event == E_move_giver_linked ->
            if
            :: true -> state = S_move_stopping /* row 34: ask to stop */
            fi
        :: event == E_move_taker_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_giver_dead ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 43: unroute state */
            :: g_heading_back -> state = S_move_on_new /* row 44: unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_taker_dead -> skip /* ignored: the answer to the stop decides */
        :: event == E_move_giver_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
        :: event == E_move_taker_s_state_link_lost ->
            if
            :: true -> state = S_move_stopping /* row 35: spoil the state */
            fi
        :: event == E_move_deadline ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if :: g_wanted = true :: g_wanted = false fi;
            if :: g_new_killable = true :: g_new_killable = false fi;
            if
            :: !g_heading_back && g_wanted -> state = S_move_stopping /* row 36: report failure */
            :: !g_heading_back && !g_wanted -> state = S_move_doubtful /* row 37: unroute state, giver in doubt */
            :: g_heading_back && g_new_killable -> state = S_move_stopping /* row 38: report failure, kill new */
            :: g_heading_back && !g_new_killable -> state = S_move_doubtful /* row 39: unroute state, report failure, giver in doubt */
            fi;
            d_step { g_heading_back = false; g_wanted = false; g_new_killable = false }
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
        :: event = E_move_dropped
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_giver_linked
        :: event = E_move_taker_linked
        :: event = E_move_giver_dead
        :: event = E_move_taker_dead
        :: event = E_move_giver_s_state_link_lost
        :: event = E_move_taker_s_state_link_lost
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_dropped -> skip /* ignored: it is on its way, and whoever was asked says what became of it */
        :: event == E_move_halted ->
            if :: g_giver_takes_back = true :: g_giver_takes_back = false fi;
            if
            :: g_giver_takes_back -> state = S_move_returning /* row 48: unroute state, give back */
            :: !g_giver_takes_back -> state = S_move_handing_over /* row 49 */
            fi;
            d_step { g_giver_takes_back = false }
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_lost /* row 54: unroute state, owned by nobody */
            fi
        :: event == E_move_giver_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_taker_linked ->
            if
            :: true -> state = S_move_resuming /* row 45: ask to resume */
            fi
        :: event == E_move_giver_dead -> skip /* ignored: it has let go already */
        :: event == E_move_taker_dead ->
            if :: g_giver_takes_back = true :: g_giver_takes_back = false fi;
            if
            :: g_giver_takes_back -> state = S_move_returning /* row 46: unroute state, give back */
            :: !g_giver_takes_back -> state = S_move_lost /* row 47: unroute state, owned by nobody */
            fi;
            d_step { g_giver_takes_back = false }
        :: event == E_move_giver_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
        :: event == E_move_taker_s_state_link_lost ->
            if :: g_giver_takes_back = true :: g_giver_takes_back = false fi;
            if
            :: g_giver_takes_back -> state = S_move_returning /* row 50: unroute state, give back */
            :: !g_giver_takes_back -> state = S_move_handing_over /* row 51 */
            fi;
            d_step { g_giver_takes_back = false }
        :: event == E_move_deadline ->
            if :: g_giver_takes_back = true :: g_giver_takes_back = false fi;
            if
            :: g_giver_takes_back -> state = S_move_returning /* row 52: unroute state, report failure, give back */
            :: !g_giver_takes_back -> state = S_move_lost /* row 53: unroute state, report failure, owned by nobody */
            fi;
            d_step { g_giver_takes_back = false }
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
        :: event = E_move_dropped
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_giver_linked
        :: event = E_move_taker_linked
        :: event = E_move_giver_dead
        :: event = E_move_taker_dead
        :: event = E_move_giver_s_state_link_lost
        :: event = E_move_taker_s_state_link_lost
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
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_new /* row 67: owned by the taker, unroute state */
            :: g_heading_back -> state = S_move_on_old /* row 68: owned by the taker, unroute state */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_not_resumed ->
            if :: g_giver_takes_back = true :: g_giver_takes_back = false fi;
            if :: g_fresh = true :: g_fresh = false fi;
            if
            :: g_giver_takes_back -> state = S_move_returning /* row 55: unroute state, report failure, give back */
            :: !g_giver_takes_back && !g_fresh -> state = S_move_resuming /* row 56: unroute state, report failure, start afresh */
            :: !g_giver_takes_back && g_fresh -> state = S_move_lost /* row 57: unroute state, report failure, owned by nobody */
            fi;
            d_step { g_giver_takes_back = false; g_fresh = false }
        :: event == E_move_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_not_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_unclear ->
            if
            :: true -> state = S_move_resuming /* row 81: report failure */
            fi
        :: event == E_move_dropped -> skip /* ignored: it is on its way, and whoever was asked says what became of it */
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_doubtful /* row 66: unroute state, taker in doubt */
            fi
        :: event == E_move_giver_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_taker_linked ->
            if
            :: true -> state = S_move_resuming /* row 58: ask to resume */
            fi
        :: event == E_move_giver_dead -> skip /* ignored: it has let go already */
        :: event == E_move_taker_dead ->
            if :: g_giver_takes_back = true :: g_giver_takes_back = false fi;
            if
            :: g_giver_takes_back -> state = S_move_returning /* row 59: unroute state, give back */
            :: !g_giver_takes_back -> state = S_move_lost /* row 60: unroute state, owned by nobody */
            fi;
            d_step { g_giver_takes_back = false }
        :: event == E_move_giver_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
        :: event == E_move_taker_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
        :: event == E_move_deadline ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if :: g_wanted = true :: g_wanted = false fi;
            if :: g_new_killable = true :: g_new_killable = false fi;
            if :: g_giver_takes_back = true :: g_giver_takes_back = false fi;
            if
            :: !g_heading_back && g_wanted -> state = S_move_resuming /* row 61: report failure */
            :: !g_heading_back && !g_wanted && g_new_killable && g_giver_takes_back -> state = S_move_resuming /* row 62: kill new */
            :: !g_heading_back && !g_wanted && g_new_killable && !g_giver_takes_back -> state = S_move_doubtful /* row 63: unroute state, taker in doubt */
            :: !g_heading_back && !g_wanted && !g_new_killable -> state = S_move_doubtful /* row 64: unroute state, taker in doubt */
            :: g_heading_back -> state = S_move_doubtful /* row 65: unroute state, report failure, taker in doubt */
            fi;
            d_step { g_heading_back = false; g_wanted = false; g_new_killable = false; g_giver_takes_back = false }
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
        :: event = E_move_dropped
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_giver_linked
        :: event = E_move_taker_linked
        :: event = E_move_giver_dead
        :: event = E_move_taker_dead
        :: event = E_move_giver_s_state_link_lost
        :: event = E_move_taker_s_state_link_lost
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn ->
            if :: g_giver_dead = true :: g_giver_dead = false fi;
            if :: g_copy_offered = true :: g_copy_offered = false fi;
            if :: g_arm_offered = true :: g_arm_offered = false fi;
            if :: g_taker_dead = true :: g_taker_dead = false fi;
            if :: g_taker_linked = true :: g_taker_linked = false fi;
            if
            :: !g_giver_dead && g_copy_offered -> state = S_move_copying /* row 0: route state, ask to copy */
            :: !g_giver_dead && !g_copy_offered && g_arm_offered -> state = S_move_arming /* row 1: route state, ask to arm */
            :: !g_giver_dead && !g_copy_offered && !g_arm_offered -> state = S_move_stopping /* row 2: route state, ask to stop */
            :: g_giver_dead && !g_taker_dead && g_taker_linked -> state = S_move_resuming /* row 3: start what nobody has */
            :: g_giver_dead && !g_taker_dead && !g_taker_linked -> state = S_move_handing_over /* row 4: prepare to start what nobody has */
            :: g_giver_dead && g_taker_dead -> state = S_move_lost /* row 5: owned by nobody */
            fi;
            d_step { g_giver_dead = false; g_copy_offered = false; g_arm_offered = false; g_taker_dead = false; g_taker_linked = false }
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* ignored: the request was repeated, or a full start has followed, and so the answer comes again */
        :: event == E_move_not_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_returned -> skip /* ignored: the request was repeated, or a full start has followed, and so the answer comes again */
        :: event == E_move_not_returned -> skip /* refused: the giver was not asked to start it, or the answer has come already */
        :: event == E_move_unclear -> skip /* refused: nothing was asked of it */
        :: event == E_move_dropped ->
            if
            :: true -> state = S_move_returning /* row 6: keep the session, give back */
            fi
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if :: g_giver_dead = true :: g_giver_dead = false fi;
            if
            :: !g_giver_dead -> state = S_move_moved /* row 26 */
            :: g_giver_dead -> state = S_move_lost /* row 27: owned by nobody */
            fi;
            d_step { g_giver_dead = false }
        :: event == E_move_giver_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_taker_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_giver_dead -> skip /* ignored: the upgrade decides when its turn comes */
        :: event == E_move_taker_dead -> skip /* ignored: the upgrade decides when its turn comes */
        :: event == E_move_giver_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
        :: event == E_move_taker_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
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
        :: event = E_move_dropped
        :: event = E_move_halted
        :: event = E_move_upgrade_ended
        :: event = E_move_giver_linked
        :: event = E_move_taker_linked
        :: event = E_move_giver_dead
        :: event = E_move_taker_dead
        :: event = E_move_giver_s_state_link_lost
        :: event = E_move_taker_s_state_link_lost
        :: event = E_move_deadline
        fi;
        if
        :: event == E_move_turn -> skip /* refused: its turn has come already */
        :: event == E_move_copied -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_armed -> skip /* ignored: the stop did not wait for it */
        :: event == E_move_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_not_stopped -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_stopped_without_state -> skip /* refused: nobody was asked to stop it, or the answer has come already */
        :: event == E_move_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_not_resumed -> skip /* refused: the taker was not asked to start it, or the answer has come already */
        :: event == E_move_returned ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if
            :: !g_heading_back -> state = S_move_on_old /* row 69: owned by the giver */
            :: g_heading_back -> state = S_move_on_new /* row 70: owned by the giver */
            fi;
            d_step { g_heading_back = false }
        :: event == E_move_not_returned ->
            if :: g_fresh = true :: g_fresh = false fi;
            if
            :: !g_fresh -> state = S_move_returning /* row 71: report failure, give back afresh */
            :: g_fresh -> state = S_move_lost /* row 72: report failure, owned by nobody */
            fi;
            d_step { g_fresh = false }
        :: event == E_move_unclear ->
            if
            :: true -> state = S_move_returning /* row 81: report failure */
            fi
        :: event == E_move_dropped -> skip /* ignored: it is on its way, and whoever was asked says what became of it */
        :: event == E_move_halted -> skip /* ignored: it is at rest, or what was asked for has to be answered first */
        :: event == E_move_upgrade_ended ->
            if
            :: true -> state = S_move_doubtful /* row 80: giver in doubt */
            fi
        :: event == E_move_giver_linked ->
            if
            :: true -> state = S_move_returning /* row 73: ask to return again */
            fi
        :: event == E_move_taker_linked -> skip /* ignored: nothing was asked of it */
        :: event == E_move_giver_dead ->
            if :: g_taker_dead = true :: g_taker_dead = false fi;
            if :: g_taker_linked = true :: g_taker_linked = false fi;
            if
            :: !g_taker_dead && g_taker_linked -> state = S_move_resuming /* row 74: start what nobody has */
            :: !g_taker_dead && !g_taker_linked -> state = S_move_handing_over /* row 75: prepare to start what nobody has */
            :: g_taker_dead -> state = S_move_lost /* row 76: owned by nobody */
            fi;
            d_step { g_taker_dead = false; g_taker_linked = false }
        :: event == E_move_taker_dead -> skip /* ignored: it does not go there */
        :: event == E_move_giver_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
        :: event == E_move_taker_s_state_link_lost -> skip /* ignored: no state is on its way, or whoever takes it finds out what it lacks */
        :: event == E_move_deadline ->
            if :: g_heading_back = true :: g_heading_back = false fi;
            if :: g_new_killable = true :: g_new_killable = false fi;
            if
            :: g_heading_back && g_new_killable -> state = S_move_returning /* row 77: report failure, kill new */
            :: g_heading_back && !g_new_killable -> state = S_move_doubtful /* row 78: report failure, giver in doubt */
            :: !g_heading_back -> state = S_move_doubtful /* row 79: report failure, giver in doubt */
            fi;
            d_step { g_heading_back = false; g_new_killable = false }
        fi
    od
}
