/* share: One share of the shards outside upgrades: cold start, relaunch, and giving up. */
mtype:state_share = {
    S_share_vacant,
    S_share_launching,
    S_share_awaiting_hello,
    S_share_queued,
    S_share_starting,
    S_share_serving,
    S_share_mending,
    S_share_ending,
    S_share_backing_off,
    S_share_given_up,
    S_share_dissolved
}
mtype:event_share = {
    E_share_fill,
    E_share_found,
    E_share_launched,
    E_share_arrived,
    E_share_left,
    E_share_turn,
    E_share_shard_up,
    E_share_shard_failed,
    E_share_started,
    E_share_not_started,
    E_share_slave_ended,
    E_share_reset,
    E_share_dissolve,
    E_share_deadline
}

active proctype p_share() {
    mtype:state_share state = S_share_vacant;
    mtype:event_share event;
    bool g_may_launch; /* may launch: there is a launcher, and earlier slaves have had time to come back */
    bool g_worn_out; /* worn out: one more end in a row is one too many */
    bool g_first_end; /* first end: the slave had served all of its shards until now */
    bool g_turn_free; /* turn free: no other share is at its cold start */
    bool g_dialect_1; /* dialect 1: the slave speaks dialect 1, in which a start is not answered */
    bool g_alone; /* alone: no other slave has a shard: such a start is one of all shards */
    bool g_killable; /* killable: the master launched the slave, so it can kill it and see it end */
    bool g_barren; /* barren: not one shard runs */
    bool g_whole; /* whole: no shard is missing */
    do
    :: state == S_share_dissolved -> assert(true); break
    :: state == S_share_vacant ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill ->
            if :: g_may_launch = true :: g_may_launch = false fi;
            if
            :: g_may_launch -> state = S_share_launching /* row 0: launch */
            :: !g_may_launch -> state = S_share_vacant /* row 1: call a spare */
            fi;
            d_step { g_may_launch = false }
        :: event == E_share_found ->
            if
            :: true -> state = S_share_serving /* row 2 */
            fi
        :: event == E_share_launched -> skip /* refused: nobody was launched for it */
        :: event == E_share_arrived ->
            if :: g_dialect_1 = true :: g_dialect_1 = false fi;
            if :: g_turn_free = true :: g_turn_free = false fi;
            if :: g_alone = true :: g_alone = false fi;
            if
            :: !g_dialect_1 && g_turn_free -> state = S_share_starting /* row 6: full start */
            :: !g_dialect_1 && !g_turn_free -> state = S_share_queued /* row 7 */
            :: g_dialect_1 && g_alone -> state = S_share_serving /* row 8: full start, forget the ends */
            :: g_dialect_1 && !g_alone -> state = S_share_vacant /* row 9: report */
            fi;
            d_step { g_dialect_1 = false; g_turn_free = false; g_alone = false }
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up -> skip /* refused: nobody was asked to start it */
        :: event == E_share_shard_failed -> skip /* refused: nobody was asked to start it */
        :: event == E_share_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_not_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_slave_ended -> skip /* refused: nobody serves it */
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 43 */
            fi
        :: event == E_share_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_share_launching ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched ->
            if
            :: true -> state = S_share_awaiting_hello /* row 3 */
            fi
        :: event == E_share_arrived ->
            if :: g_dialect_1 = true :: g_dialect_1 = false fi;
            if :: g_turn_free = true :: g_turn_free = false fi;
            if :: g_alone = true :: g_alone = false fi;
            if
            :: !g_dialect_1 && g_turn_free -> state = S_share_starting /* row 6: full start */
            :: !g_dialect_1 && !g_turn_free -> state = S_share_queued /* row 7 */
            :: g_dialect_1 && g_alone -> state = S_share_serving /* row 8: full start, forget the ends */
            :: g_dialect_1 && !g_alone -> state = S_share_launching /* row 9: report */
            fi;
            d_step { g_dialect_1 = false; g_turn_free = false; g_alone = false }
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up -> skip /* refused: nobody was asked to start it */
        :: event == E_share_shard_failed -> skip /* refused: nobody was asked to start it */
        :: event == E_share_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_not_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_slave_ended ->
            if :: g_may_launch = true :: g_may_launch = false fi;
            if :: g_worn_out = true :: g_worn_out = false fi;
            if :: g_first_end = true :: g_first_end = false fi;
            if
            :: !g_may_launch -> state = S_share_vacant /* row 36: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && !g_first_end -> state = S_share_backing_off /* row 37: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && g_first_end -> state = S_share_vacant /* row 38: count the end, next turn, fill at once */
            :: g_may_launch && g_worn_out -> state = S_share_given_up /* row 39: count the end, report giving up, next turn, call a spare */
            fi;
            d_step { g_may_launch = false; g_worn_out = false; g_first_end = false }
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 42: stand down */
            fi
        :: event == E_share_deadline ->
            if :: g_worn_out = true :: g_worn_out = false fi;
            if
            :: !g_worn_out -> state = S_share_backing_off /* row 40: report, kill, count the end, call a spare */
            :: g_worn_out -> state = S_share_given_up /* row 41: report, kill, count the end, report giving up, call a spare */
            fi;
            d_step { g_worn_out = false }
        fi
    :: state == S_share_awaiting_hello ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched -> skip /* refused: nobody was launched for it */
        :: event == E_share_arrived ->
            if :: g_dialect_1 = true :: g_dialect_1 = false fi;
            if :: g_turn_free = true :: g_turn_free = false fi;
            if :: g_alone = true :: g_alone = false fi;
            if
            :: !g_dialect_1 && g_turn_free -> state = S_share_starting /* row 6: full start */
            :: !g_dialect_1 && !g_turn_free -> state = S_share_queued /* row 7 */
            :: g_dialect_1 && g_alone -> state = S_share_serving /* row 8: full start, forget the ends */
            :: g_dialect_1 && !g_alone -> state = S_share_awaiting_hello /* row 9: report */
            fi;
            d_step { g_dialect_1 = false; g_turn_free = false; g_alone = false }
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up -> skip /* refused: nobody was asked to start it */
        :: event == E_share_shard_failed -> skip /* refused: nobody was asked to start it */
        :: event == E_share_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_not_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_slave_ended ->
            if :: g_may_launch = true :: g_may_launch = false fi;
            if :: g_worn_out = true :: g_worn_out = false fi;
            if :: g_first_end = true :: g_first_end = false fi;
            if
            :: !g_may_launch -> state = S_share_vacant /* row 36: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && !g_first_end -> state = S_share_backing_off /* row 37: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && g_first_end -> state = S_share_vacant /* row 38: count the end, next turn, fill at once */
            :: g_may_launch && g_worn_out -> state = S_share_given_up /* row 39: count the end, report giving up, next turn, call a spare */
            fi;
            d_step { g_may_launch = false; g_worn_out = false; g_first_end = false }
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 42: stand down */
            fi
        :: event == E_share_deadline ->
            if :: g_worn_out = true :: g_worn_out = false fi;
            if
            :: !g_worn_out -> state = S_share_backing_off /* row 40: report, kill, count the end, call a spare */
            :: g_worn_out -> state = S_share_given_up /* row 41: report, kill, count the end, report giving up, call a spare */
            fi;
            d_step { g_worn_out = false }
        fi
    :: state == S_share_queued ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched -> skip /* ignored: the slave was faster than the news of its launch */
        :: event == E_share_arrived -> skip /* ignored: it has what it needs */
        :: event == E_share_left ->
            if
            :: true -> state = S_share_awaiting_hello /* row 12 */
            fi
        :: event == E_share_turn ->
            if
            :: true -> state = S_share_starting /* row 10: full start */
            fi
        :: event == E_share_shard_up -> skip /* refused: nobody was asked to start it */
        :: event == E_share_shard_failed -> skip /* refused: nobody was asked to start it */
        :: event == E_share_started -> skip /* ignored: the answer to an earlier start; it is asked anew when its turn comes */
        :: event == E_share_not_started -> skip /* ignored: the answer to an earlier start; it is asked anew when its turn comes */
        :: event == E_share_slave_ended ->
            if :: g_may_launch = true :: g_may_launch = false fi;
            if :: g_worn_out = true :: g_worn_out = false fi;
            if :: g_first_end = true :: g_first_end = false fi;
            if
            :: !g_may_launch -> state = S_share_vacant /* row 36: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && !g_first_end -> state = S_share_backing_off /* row 37: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && g_first_end -> state = S_share_vacant /* row 38: count the end, next turn, fill at once */
            :: g_may_launch && g_worn_out -> state = S_share_given_up /* row 39: count the end, report giving up, next turn, call a spare */
            fi;
            d_step { g_may_launch = false; g_worn_out = false; g_first_end = false }
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 42: stand down */
            fi
        :: event == E_share_deadline ->
            if
            :: true -> state = S_share_starting /* row 11: full start */
            fi
        fi
    :: state == S_share_starting ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched -> skip /* ignored: the slave was faster than the news of its launch */
        :: event == E_share_arrived ->
            if
            :: true -> state = S_share_starting /* row 13: repeat the full start */
            fi
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up ->
            if
            :: true -> state = S_share_starting /* row 14 */
            fi
        :: event == E_share_shard_failed ->
            if
            :: true -> state = S_share_starting /* row 15: note shard failed */
            fi
        :: event == E_share_started ->
            if :: g_whole = true :: g_whole = false fi;
            if
            :: g_whole -> state = S_share_serving /* row 16: forget the ends, next turn */
            :: !g_whole -> state = S_share_mending /* row 17: report, next turn */
            fi;
            d_step { g_whole = false }
        :: event == E_share_not_started ->
            if :: g_barren = true :: g_barren = false fi;
            if :: g_killable = true :: g_killable = false fi;
            if :: g_whole = true :: g_whole = false fi;
            if
            :: g_barren && g_killable -> state = S_share_ending /* row 18: report, kill */
            :: g_barren && !g_killable -> state = S_share_mending /* row 19: report, next turn */
            :: !g_barren && !g_whole -> state = S_share_mending /* row 20: report, next turn */
            :: !g_barren && g_whole -> state = S_share_serving /* row 21: report, next turn */
            fi;
            d_step { g_barren = false; g_killable = false; g_whole = false }
        :: event == E_share_slave_ended ->
            if :: g_may_launch = true :: g_may_launch = false fi;
            if :: g_worn_out = true :: g_worn_out = false fi;
            if :: g_first_end = true :: g_first_end = false fi;
            if
            :: !g_may_launch -> state = S_share_vacant /* row 36: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && !g_first_end -> state = S_share_backing_off /* row 37: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && g_first_end -> state = S_share_vacant /* row 38: count the end, next turn, fill at once */
            :: g_may_launch && g_worn_out -> state = S_share_given_up /* row 39: count the end, report giving up, next turn, call a spare */
            fi;
            d_step { g_may_launch = false; g_worn_out = false; g_first_end = false }
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 43 */
            fi
        :: event == E_share_deadline ->
            if :: g_killable = true :: g_killable = false fi;
            if
            :: g_killable -> state = S_share_ending /* row 22: report, kill */
            :: !g_killable -> state = S_share_serving /* row 23: report, doubt the rest, next turn */
            fi;
            d_step { g_killable = false }
        fi
    :: state == S_share_serving ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched -> skip /* ignored: the slave was faster than the news of its launch */
        :: event == E_share_arrived -> skip /* ignored: it has what it needs */
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up ->
            if :: g_whole = true :: g_whole = false fi;
            if
            :: g_whole -> state = S_share_serving /* row 25: forget the ends */
            :: !g_whole -> state = S_share_serving /* row 26 */
            fi;
            d_step { g_whole = false }
        :: event == E_share_shard_failed ->
            if
            :: true -> state = S_share_mending /* row 27: note shard failed */
            fi
        :: event == E_share_started -> skip /* ignored: the answer to a full start that an upgrade or a return has asked for */
        :: event == E_share_not_started ->
            if
            :: true -> state = S_share_serving /* row 28: report */
            fi
        :: event == E_share_slave_ended ->
            if :: g_may_launch = true :: g_may_launch = false fi;
            if :: g_worn_out = true :: g_worn_out = false fi;
            if :: g_first_end = true :: g_first_end = false fi;
            if
            :: !g_may_launch -> state = S_share_vacant /* row 36: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && !g_first_end -> state = S_share_backing_off /* row 37: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && g_first_end -> state = S_share_vacant /* row 38: count the end, next turn, fill at once */
            :: g_may_launch && g_worn_out -> state = S_share_given_up /* row 39: count the end, report giving up, next turn, call a spare */
            fi;
            d_step { g_may_launch = false; g_worn_out = false; g_first_end = false }
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 43 */
            fi
        :: event == E_share_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_share_mending ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched -> skip /* ignored: the slave was faster than the news of its launch */
        :: event == E_share_arrived ->
            if
            :: true -> state = S_share_mending /* row 33: start what is missing */
            fi
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up ->
            if :: g_whole = true :: g_whole = false fi;
            if
            :: g_whole -> state = S_share_serving /* row 25: forget the ends */
            :: !g_whole -> state = S_share_mending /* row 26 */
            fi;
            d_step { g_whole = false }
        :: event == E_share_shard_failed ->
            if
            :: true -> state = S_share_mending /* row 32: note shard failed */
            fi
        :: event == E_share_started ->
            if :: g_whole = true :: g_whole = false fi;
            if
            :: g_whole -> state = S_share_serving /* row 29: forget the ends */
            :: !g_whole -> state = S_share_mending /* row 30 */
            fi;
            d_step { g_whole = false }
        :: event == E_share_not_started ->
            if
            :: true -> state = S_share_mending /* row 31: report */
            fi
        :: event == E_share_slave_ended ->
            if :: g_may_launch = true :: g_may_launch = false fi;
            if :: g_worn_out = true :: g_worn_out = false fi;
            if :: g_first_end = true :: g_first_end = false fi;
            if
            :: !g_may_launch -> state = S_share_vacant /* row 36: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && !g_first_end -> state = S_share_backing_off /* row 37: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && g_first_end -> state = S_share_vacant /* row 38: count the end, next turn, fill at once */
            :: g_may_launch && g_worn_out -> state = S_share_given_up /* row 39: count the end, report giving up, next turn, call a spare */
            fi;
            d_step { g_may_launch = false; g_worn_out = false; g_first_end = false }
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 43 */
            fi
        :: event == E_share_deadline ->
            if :: g_worn_out = true :: g_worn_out = false fi;
            if
            :: !g_worn_out -> state = S_share_mending /* row 34: count the end, start what is missing */
            :: g_worn_out -> state = S_share_serving /* row 35: report, forget the ends */
            fi;
            d_step { g_worn_out = false }
        fi
    :: state == S_share_ending ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched -> skip /* ignored: the slave was faster than the news of its launch */
        :: event == E_share_arrived -> skip /* ignored: it has what it needs */
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up -> skip /* ignored: it is being ended */
        :: event == E_share_shard_failed -> skip /* ignored: it is being ended */
        :: event == E_share_started -> skip /* ignored: it is being ended */
        :: event == E_share_not_started -> skip /* ignored: it is being ended */
        :: event == E_share_slave_ended ->
            if :: g_may_launch = true :: g_may_launch = false fi;
            if :: g_worn_out = true :: g_worn_out = false fi;
            if :: g_first_end = true :: g_first_end = false fi;
            if
            :: !g_may_launch -> state = S_share_vacant /* row 36: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && !g_first_end -> state = S_share_backing_off /* row 37: count the end, next turn, call a spare */
            :: g_may_launch && !g_worn_out && g_first_end -> state = S_share_vacant /* row 38: count the end, next turn, fill at once */
            :: g_may_launch && g_worn_out -> state = S_share_given_up /* row 39: count the end, report giving up, next turn, call a spare */
            fi;
            d_step { g_may_launch = false; g_worn_out = false; g_first_end = false }
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 43 */
            fi
        :: event == E_share_deadline ->
            if
            :: true -> state = S_share_serving /* row 24: report, doubt the rest, next turn */
            fi
        fi
    :: state == S_share_backing_off ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched -> skip /* refused: nobody was launched for it */
        :: event == E_share_arrived ->
            if :: g_dialect_1 = true :: g_dialect_1 = false fi;
            if :: g_turn_free = true :: g_turn_free = false fi;
            if :: g_alone = true :: g_alone = false fi;
            if
            :: !g_dialect_1 && g_turn_free -> state = S_share_starting /* row 6: full start */
            :: !g_dialect_1 && !g_turn_free -> state = S_share_queued /* row 7 */
            :: g_dialect_1 && g_alone -> state = S_share_serving /* row 8: full start, forget the ends */
            :: g_dialect_1 && !g_alone -> state = S_share_backing_off /* row 9: report */
            fi;
            d_step { g_dialect_1 = false; g_turn_free = false; g_alone = false }
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up -> skip /* refused: nobody was asked to start it */
        :: event == E_share_shard_failed -> skip /* refused: nobody was asked to start it */
        :: event == E_share_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_not_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_slave_ended -> skip /* refused: nobody serves it */
        :: event == E_share_reset -> skip /* ignored: it was not given up */
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 43 */
            fi
        :: event == E_share_deadline ->
            if
            :: true -> state = S_share_launching /* row 4: launch */
            fi
        fi
    :: state == S_share_given_up ->
        if
        :: event = E_share_fill
        :: event = E_share_found
        :: event = E_share_launched
        :: event = E_share_arrived
        :: event = E_share_left
        :: event = E_share_turn
        :: event = E_share_shard_up
        :: event = E_share_shard_failed
        :: event = E_share_started
        :: event = E_share_not_started
        :: event = E_share_slave_ended
        :: event = E_share_reset
        :: event = E_share_dissolve
        :: event = E_share_deadline
        fi;
        if
        :: event == E_share_fill -> skip /* ignored: it is served, or somebody is on the way */
        :: event == E_share_found -> skip /* refused: one slave already serves it, or is about to */
        :: event == E_share_launched -> skip /* refused: nobody was launched for it */
        :: event == E_share_arrived ->
            if :: g_dialect_1 = true :: g_dialect_1 = false fi;
            if :: g_turn_free = true :: g_turn_free = false fi;
            if :: g_alone = true :: g_alone = false fi;
            if
            :: !g_dialect_1 && g_turn_free -> state = S_share_starting /* row 6: full start */
            :: !g_dialect_1 && !g_turn_free -> state = S_share_queued /* row 7 */
            :: g_dialect_1 && g_alone -> state = S_share_serving /* row 8: full start, forget the ends */
            :: g_dialect_1 && !g_alone -> state = S_share_given_up /* row 9: report */
            fi;
            d_step { g_dialect_1 = false; g_turn_free = false; g_alone = false }
        :: event == E_share_left -> skip /* ignored: a lost link proves nothing */
        :: event == E_share_turn -> skip /* ignored: it does not wait for its turn */
        :: event == E_share_shard_up -> skip /* refused: nobody was asked to start it */
        :: event == E_share_shard_failed -> skip /* refused: nobody was asked to start it */
        :: event == E_share_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_not_started -> skip /* refused: nobody was asked to start it */
        :: event == E_share_slave_ended -> skip /* refused: nobody serves it */
        :: event == E_share_reset ->
            if
            :: true -> state = S_share_launching /* row 5: forget the ends, launch */
            fi
        :: event == E_share_dissolve ->
            if
            :: true -> state = S_share_dissolved /* row 43 */
            fi
        :: event == E_share_deadline -> skip /* refused: the state has no deadline */
        fi
    od
}
