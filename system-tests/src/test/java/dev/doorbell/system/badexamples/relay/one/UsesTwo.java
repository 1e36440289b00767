package dev.doorbell.system.badexamples.relay.one;

import dev.doorbell.system.badexamples.relay.two.UsesOne;

public class UsesTwo {
    UsesOne dependency;
}
