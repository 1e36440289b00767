package dev.doorbell.system.badexamples.payment.messaging;

public class Fine {}
