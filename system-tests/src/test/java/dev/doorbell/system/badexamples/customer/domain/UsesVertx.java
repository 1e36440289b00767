package dev.doorbell.system.badexamples.customer.domain;

import io.vertx.core.Vertx;

public class UsesVertx {
    Vertx dependency;
}
