package dev.doorbell.system.badexamples.outbox;

import dev.doorbell.system.badexamples.service.Fine;

public class UsesServiceKit {
    Fine dependency;
}
