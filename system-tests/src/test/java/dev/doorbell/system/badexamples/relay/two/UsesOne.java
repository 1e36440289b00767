package dev.doorbell.system.badexamples.relay.two;

import dev.doorbell.system.badexamples.relay.one.UsesTwo;

public class UsesOne {
    UsesTwo dependency;
}
