package dev.doorbell.system.badexamples.customer.store;

import dev.doorbell.system.badexamples.customer.usecase.Fine;

public class UsesUseCase {
    Fine dependency;
}
