package io.weir.broker.engine.context;

import java.util.function.Consumer;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.ReplyTo;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;

/**
 * What the parts of a topic share.
 *
 * @param topic how far the log goes
 * @param time what time it is, and when the topic is to be woken
 * @param policies what becomes of its messages
 * @param engine what all topics share
 * @param out takes effects
 */
public record TopicContext(TopicProgress topic, TopicTime time, TopicRules policies, EngineContext engine,
		Consumer<Effect> out) {

	/** Bounds what clients can take. */
	public Budgets budgets() {
		return this.engine.budgets();
	}

	/** Counts what goes on in all topics. */
	public EngineFigures figures() {
		return this.engine.figures();
	}

	/** A request was carried out. */
	public void done(ReplyTo replyTo) {
		this.out.accept(new Effect.Done(replyTo));
	}

	/** Refuses what is to be answered; the rest only means nothing any more. */
	public void refuse(Command command, ErrorCode code, String reason) {
		if (command instanceof Command.Request request) {
			this.out.accept(Effect.Refused.of(request, code, reason));
		}
	}

}
