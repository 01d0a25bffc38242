package io.weir.broker.engine;

import java.util.function.Consumer;

import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;

/**
 * What the parts of a topic share.
 *
 * @param topic how far the log goes
 * @param time what time it is, and when the topic is to be woken
 * @param engine what all topics share
 * @param out takes effects
 */
record TopicContext(TopicProgress topic, TopicTime time, EngineContext engine, Consumer<Effect> out) {

	/** Bounds what clients can take. */
	Budgets budgets() {
		return this.engine.budgets();
	}

	/** Counts what goes on in all topics. */
	EngineFigures figures() {
		return this.engine.figures();
	}

	/** A request was carried out. */
	void done(ReplyTo replyTo) {
		this.out.accept(new Effect.Done(replyTo));
	}

	/** Refuses what is to be answered; the rest only means nothing any more. */
	void refuse(Command command, ErrorCode code, String reason) {
		if (command instanceof Command.Request request) {
			this.out.accept(Effect.Refused.of(request, code, reason));
		}
	}

}
