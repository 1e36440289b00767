package dev.doorbell.system.badexamples.quickstart;

import dev.doorbell.system.badexamples.system.Fine;

public class UsesSystemTests {
    Fine dependency;
}
