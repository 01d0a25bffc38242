package io.weir.broker.engine.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Storing;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.TopicLog;

/** Has the store of a simulation do what a topic asks for, and sees what it reads. */
final class SimulatedStorage {

	private final StorageEngine store;

	private final SimulatedMessages messages;

	private final Supplier<Forwarder> forwarder;

	SimulatedStorage(StorageEngine store, SimulatedMessages messages, Supplier<Forwarder> forwarder) {
		this.store = store;
		this.messages = messages;
		this.forwarder = forwarder;
	}

	/** Carries an effect out, and tells the outcome, perhaps later. */
	void carryOut(TopicLog on, Storing effect, Consumer<Command> then) {
		new StorageExecutor(on, (command) -> {
			if (command instanceof Outcome.EntriesRead read) {
				read.entries().forEach((entry) -> this.messages.seen(entry.batch()));
			}
			else if (command instanceof Outcome.DueRead read) {
				read.due().entries().forEach((entry) -> this.messages.seen(entry.batch()));
			}
			then.accept(command);
		}, (failure) -> {
			throw new IllegalStateException(failure);
		}, new Admission(this.store, Long.MAX_VALUE), (error) -> {
			throw error;
		}, this.forwarder).execute(effect);
	}

}
