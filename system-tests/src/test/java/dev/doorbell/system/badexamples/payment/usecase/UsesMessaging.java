package dev.doorbell.system.badexamples.payment.usecase;

import dev.doorbell.system.badexamples.payment.messaging.Fine;

public class UsesMessaging {
    Fine dependency;
}
