package sh.cinch.acceptance.soak;

import java.net.URI;

/**
 * What the hostile know.
 *
 * @param port for everybody
 * @param management the operators' port
 * @param honest the hook through which the honest deliver
 * @param other another hook
 * @param hookUuid the honest hook's, on Bitbucket
 */
record Target(int port, int management, URI honest, URI other, String hookUuid) {}
