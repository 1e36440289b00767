package dev.doorbell.system.badexamples.customer.usecase;

import dev.doorbell.system.badexamples.customer.api.Fine;

public class UsesApi {
    Fine dependency;
}
