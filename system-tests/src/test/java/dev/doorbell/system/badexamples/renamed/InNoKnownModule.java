package dev.doorbell.system.badexamples.renamed;

public class InNoKnownModule {}
