package io.weir.sample.job;

import java.io.Console;

/** Finds out whether somebody sits at a terminal. */
final class TerminalCheck {

	private TerminalCheck() {
	}

	/**
	 * Whether input and output are a terminal: up to JDK 21 there is a console only then;
	 * later ones say it themselves.
	 * @return whether they are
	 */
	@SuppressWarnings("SystemConsoleNull")
	static boolean isTerminal() {
		Console console = System.console();
		if (console == null) {
			return false;
		}
		try {
			return (boolean) Console.class.getMethod("isTerminal").invoke(console);
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

}
