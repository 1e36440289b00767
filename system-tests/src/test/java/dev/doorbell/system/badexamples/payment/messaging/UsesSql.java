package dev.doorbell.system.badexamples.payment.messaging;

import dev.doorbell.system.badexamples.payment.store.PaymentSql;

public class UsesSql {
    PaymentSql dependency;
}
