package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.function.BiConsumer;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.topic.TopicCore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.TopicLog;

/**
 * A topic from one opening of its log until that is lost: its core, and what it has the
 * store do. On the topic's thread.
 */
final class TopicLife {

	private final TopicServices services;

	private final TopicLog log;

	private final TopicCore core;

	private final StorageExecutor storage;

	/**
	 * Takes up what is stored.
	 * @param outcomes hears, on any thread, how storage went
	 * @param broken hears, on the topic's thread, what the store threw
	 */
	TopicLife(OpenedLog opened, TopicServices services, BiConsumer<TopicLife, Command> outcomes,
			BiConsumer<TopicLife, Throwable> broken) {
		this.services = services;
		this.log = opened.log();
		this.core = TopicCore.recover(opened, services.context());
		this.storage = new StorageExecutor(this.log, (outcome) -> outcomes.accept(this, outcome),
				(failure) -> broken.accept(this, failure), services.admission(), services.errors(),
				services.forwarder(), services.background());
	}

	/** What is to become of a command: a batch may have to be refused. */
	Command admit(Command command) {
		if (command instanceof Command.Publish publish) {
			StorageFailure refusal = this.services.admission().refusal(publish.batch().readableBytes());
			if (refusal != null) {
				Command refused = publish.refused(refusal);
				publish.release();
				return refused;
			}
		}
		return command;
	}

	/**
	 * Handles a command; {@link #takeDecided()} is to be carried out, also if this fails.
	 */
	void handle(Command command) {
		this.storage.outcomeSeen(command);
		EngineClock clock = this.services.clock();
		this.core.handle(command, clock.now().getAsLong(), clock.steady().getAsLong());
	}

	List<Effect> takeDecided() {
		return this.core.takeDecided();
	}

	void store(Storing effect) {
		this.storage.execute(effect);
	}

	/** Whether the store has done all that it was asked to write. */
	boolean isIdle() {
		return this.storage.isIdle();
	}

	TopicSnapshot snapshot() {
		return this.core.snapshot();
	}

	/** Releases what is held; no command may follow. */
	void close() {
		this.core.close();
		this.log.close();
	}

}
