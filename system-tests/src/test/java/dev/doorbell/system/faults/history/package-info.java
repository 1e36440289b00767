/**
 * What happened to a system under faults, and whether it may have: the load logs its calls, the evidence is read from
 * databases and topics once all is at rest, and the invariants compare the two. Knows nothing of faults.
 */
package dev.doorbell.system.faults.history;
