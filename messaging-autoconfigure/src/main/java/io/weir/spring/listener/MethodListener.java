package io.weir.spring.listener;

import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.messaging.support.GenericMessage;

import io.weir.message.Message;
import io.weir.spring.Acknowledgement;

/** Calls an annotated method. */
final class MethodListener implements WeirMessageListener {

	private final InvocableHandlerMethod method;

	MethodListener(InvocableHandlerMethod method) {
		this.method = method;
	}

	@Override
	public @Nullable CompletionStage<?> onMessages(List<Message<byte[]>> messages, Acknowledgement acknowledgement)
			throws Exception {
		Object payload = (messages.size() == 1) ? messages.get(0).value() : messages;
		Object result = this.method
			.invoke(new GenericMessage<>(payload, new IncomingHeaders(messages, acknowledgement)));
		return (result instanceof CompletionStage<?> stage) ? stage : null;
	}

}
