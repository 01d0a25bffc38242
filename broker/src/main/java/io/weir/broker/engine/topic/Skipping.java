package io.weir.broker.engine.topic;

import java.util.List;
import java.util.TreeSet;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.RemoveDamaged;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.subscription.Subscriptions;

/**
 * Takes damaged entries out of a topic's log, and has subscriptions go on behind them.
 */
final class Skipping {

	private final Subscriptions subscriptions;

	private final TopicContext context;

	Skipping(Subscriptions subscriptions, TopicContext context) {
		this.subscriptions = subscriptions;
		this.context = context;
	}

	void skip(Command.SkipDamaged command) {
		this.context.topic().removing(command.from(), command.to());
		this.context.out().accept(new RemoveDamaged(command.replyTo(), command.from(), command.to()));
	}

	void removed(Outcome.DamagedRemoved outcome) {
		this.context.topic().removed();
		this.subscriptions.skipped(outcome.entries());
		this.context.out()
			.accept(new Effect.Skipped(outcome.asked().replyTo(),
					List.copyOf(new TreeSet<>(outcome.entries().keySet()))));
	}

	/** The log is as it was, as far as anybody knows. */
	void failed(RemoveDamaged effect, StorageFailure failure) {
		this.context.topic().removed();
		this.context.out().accept(Effect.Refused.of(effect.replyTo(), failure));
	}

}
