/* lease: For how long a slave that is not heard of may run its shards. */
mtype:state_lease = {
    S_lease_free,
    S_lease_held,
    S_lease_lapsed
}
mtype:event_lease = {
    E_lease_answered,
    E_lease_waived,
    E_lease_slave_dead,
    E_lease_deadline
}

active proctype p_lease() {
    mtype:state_lease state = S_lease_free;
    mtype:event_lease event;
    do
    :: state == S_lease_lapsed -> assert(true); break
    :: state == S_lease_free ->
        if
        :: event = E_lease_answered
        :: event = E_lease_waived
        :: event = E_lease_slave_dead
        :: event = E_lease_deadline
        fi;
        if
        :: event == E_lease_answered ->
            if
            :: true -> state = S_lease_held /* row 0 */
            fi
        :: event == E_lease_waived -> skip /* ignored: it has none */
        :: event == E_lease_slave_dead ->
            if
            :: true -> state = S_lease_lapsed /* row 4 */
            fi
        :: event == E_lease_deadline -> skip /* refused: the state has no deadline */
        fi
    :: state == S_lease_held ->
        if
        :: event = E_lease_answered
        :: event = E_lease_waived
        :: event = E_lease_slave_dead
        :: event = E_lease_deadline
        fi;
        if
        :: event == E_lease_answered ->
            if
            :: true -> state = S_lease_held /* row 1 */
            fi
        :: event == E_lease_waived ->
            if
            :: true -> state = S_lease_free /* row 2 */
            fi
        :: event == E_lease_slave_dead ->
            if
            :: true -> state = S_lease_lapsed /* row 4 */
            fi
        :: event == E_lease_deadline ->
            if
            :: true -> state = S_lease_lapsed /* row 3: take the slave for dead */
            fi
        fi
    od
}
