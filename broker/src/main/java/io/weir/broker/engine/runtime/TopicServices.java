package io.weir.broker.engine.runtime;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.context.EngineContext;
import io.weir.broker.store.OpenedLog;
import io.weir.message.Topic;

/**
 * What all topics of an engine use.
 *
 * @param owner opens their logs
 * @param policies what is said of them
 * @param admission whether more may be appended
 * @param clients takes the effects for clients, must not block
 * @param clock tells the time
 * @param timers wakes them
 * @param context what the cores of all topics share
 * @param forwarder publishes to other topics
 * @param background takes what may take its time
 * @param errors is told of errors after which the JVM may be unsound
 */
record TopicServices(TopicOwner owner, PolicyStore policies, Admission admission, Consumer<Effect.Telling> clients,
		EngineClock clock, Timers timers, EngineContext context, Supplier<Forwarder> forwarder, Executor background,
		Consumer<Error> errors) {

	/** Opens a topic's log, and finds out what counts for it. */
	CompletionStage<OpenedTopic> open(Topic topic) {
		return this.policies.effective(topic)
			.thenCompose((found) -> this.owner.open(topic).thenApply((log) -> new OpenedTopic(log, found)));
	}

	/** Tells of a failure if it is an error. */
	void tellIfError(Throwable failure) {
		if (failure instanceof Error error) {
			this.errors.accept(error);
		}
	}

	/** What is stored of a topic. */
	record OpenedTopic(OpenedLog log, Policies policies) {
	}

}
