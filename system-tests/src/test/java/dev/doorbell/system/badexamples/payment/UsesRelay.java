package dev.doorbell.system.badexamples.payment;

import dev.doorbell.system.badexamples.relay.Fine;

public class UsesRelay {
    Fine dependency;
}
