package io.weir.broker.engine.runtime;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.StorageFailure;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;

/** Tells clients what a topic says. On the topic's thread. */
final class TopicAnswers {

	private static final Logger logger = LoggerFactory.getLogger(TopicAnswers.class);

	private TopicAnswers() {
	}

	/**
	 * A client that cannot be told does not keep the effects that follow from happening.
	 */
	static void tell(Topic topic, TopicServices services, Effect.Telling telling) {
		try {
			services.clients().accept(telling);
		}
		catch (RuntimeException | Error ex) {
			logger.error("Topic {} could not tell a client {}", topic, telling.getClass().getSimpleName(), ex);
			services.tellIfError(ex);
		}
	}

	static void refuse(Topic topic, TopicServices services, Command command, StorageFailure failure) {
		if (command instanceof Command.Request request) {
			tell(topic, services, Effect.Refused.of(request, failure.code(), failure.reason()));
		}
	}

	/**
	 * Answers what is asked of a topic that there is not, and that is not made for it.
	 */
	static void thereIsNone(Topic topic, TopicServices services, Command.Request request) {
		if (request instanceof Command.CloseProducer || request instanceof Command.CloseConsumer
				|| request instanceof Command.ForgetProducer || request instanceof Command.Settle) {
			// As it is to be.
			tell(topic, services, new Effect.Done(request.replyTo()));
			return;
		}
		ErrorCode code = ErrorCode.UNKNOWN_PRODUCER;
		if (request instanceof Command.Administration) {
			code = ErrorCode.NOT_FOUND;
		}
		else if (request instanceof Command.OfConsumer) {
			code = ErrorCode.UNKNOWN_CONSUMER;
		}
		refuse(topic, services, request, new StorageFailure(code, "There is no topic '" + topic + "'"));
	}

	static void refuseUnlessAnswered(Topic topic, TopicServices services, Command command, List<Effect> decided,
			StorageFailure failure) {
		if (command instanceof Command.Request request && decided.stream()
			.noneMatch((effect) -> effect instanceof Effect.Answer answer && answer.to().equals(request.replyTo()))) {
			refuse(topic, services, command, failure);
		}
	}

}
