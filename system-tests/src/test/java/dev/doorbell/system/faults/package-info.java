/**
 * Mixes of faults under load: {@link dev.doorbell.system.faults.World} runs the whole system with a proxy on every
 * connection, {@link dev.doorbell.system.faults.Timetable} draws from a seed what goes wrong and when,
 * {@link dev.doorbell.system.faults.Mix} does it and has the history checked, {@link dev.doorbell.system.faults.Recovery}
 * measures how long a single fault holds registrations up.
 */
package dev.doorbell.system.faults;
