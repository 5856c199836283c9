package sh.cinch.service;

/** Stands for SIGKILL at one point: nothing catches it, nothing is tidied up after it. */
public final class Killed extends Error {
  private static final long serialVersionUID = 1;
}
