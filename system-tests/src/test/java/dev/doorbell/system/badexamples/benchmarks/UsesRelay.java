package dev.doorbell.system.badexamples.benchmarks;

import dev.doorbell.system.badexamples.relay.Fine;

public class UsesRelay {
    Fine dependency;
}
