package io.weir.broker.engine.runtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Storing;

/**
 * What a simulation came to, in a few numbers: those of two runs of one seed are the
 * same, in whatever JVM, and the first that differs says how far they went together.
 */
final class SimulatedTrace {

	private static final int COMMANDS_EACH = 1_000;

	private final CRC32C all = new CRC32C();

	private final List<String> lines = new ArrayList<>();

	private long commands;

	/** A topic has handled a command. */
	void handled(Command command, long now, List<Effect> effects) {
		add(command.getClass().getSimpleName() + now);
		effects.forEach((effect) -> add(text(effect)));
		if (++this.commands % COMMANDS_EACH == 0) {
			end();
		}
	}

	/**
	 * Nothing that is of one JVM only, such as what an object without a name is called.
	 */
	private static String text(Effect effect) {
		String kind = effect.getClass().getSimpleName();
		if (effect instanceof Effect.Deliver deliver) {
			return kind + deliver.consumer() + deliver.entry().position() + deliver.firstIndex() + '+' + deliver.count()
					+ '-' + deliver.passOver() + '/' + deliver.redeliveryCount();
		}
		if (effect instanceof Effect.Answer answer) {
			return kind + answer.to();
		}
		if (effect instanceof Storing.StoreAcknowledgements acks) {
			return kind + acks.subscription() + acks.change().acknowledgedUpTo() + acks.change().holesUpTo()
					+ acks.change().kept().keySet();
		}
		return kind;
	}

	private void add(String text) {
		this.all.update(text.getBytes(StandardCharsets.UTF_8));
	}

	void end() {
		this.lines.add(this.commands + " commands: " + Long.toHexString(this.all.getValue()));
	}

	/** How many commands all topics have handled. */
	long commands() {
		return this.commands;
	}

	/** One for every thousand commands; the last one is of all there were. */
	List<String> lines() {
		return this.lines;
	}

}
