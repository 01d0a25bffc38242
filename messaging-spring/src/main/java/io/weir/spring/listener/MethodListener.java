package io.weir.spring.listener;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.KotlinDetector;
import org.springframework.util.ReflectionUtils;

import io.weir.message.Message;
import io.weir.spring.Acknowledgement;
import io.weir.spring.MessageTypeFilter;
import io.weir.spring.MessageTypeFilter.Fit;

/** Calls an annotated method. */
final class MethodListener implements WeirMessageListener {

	private final Object bean;

	private final Method method;

	private final List<ListenerArgument> arguments;

	private final boolean acknowledges;

	private final boolean batch;

	private final boolean suspending;

	private final @Nullable String payloadType;

	private final ReturnedValues returned;

	private final Replies replies;

	/** One for each parameter that is the payload. */
	private final List<MessageTypeFilter> types;

	MethodListener(Object bean, Method method, List<ListenerArgument> arguments, boolean acknowledges, boolean batch,
			@Nullable String payloadType, List<MessageTypeFilter> types, Replies replies) {
		this.bean = bean;
		this.method = method;
		this.arguments = List.copyOf(arguments);
		this.acknowledges = acknowledges;
		this.batch = batch;
		this.payloadType = payloadType;
		this.suspending = KotlinDetector.isSuspendingFunction(method);
		this.returned = ReturnedValues.of(method);
		this.replies = replies;
		this.types = List.copyOf(types);
		ReflectionUtils.makeAccessible(method);
	}

	/** The name of the payload's type; {@code null} if the method does not say one. */
	@Nullable String payloadType() {
		return this.payloadType;
	}

	/** For people. */
	@Override
	public String toString() {
		return "method " + this.method.getName();
	}

	@Override
	public Fit fit(Message<byte[]> message) {
		return this.types.stream().map((type) -> type.fit(message)).reduce(Fit::and).orElse(Fit.ANY);
	}

	@Override
	public boolean acknowledges() {
		return this.acknowledges;
	}

	@Override
	public @Nullable CompletionStage<?> onMessages(List<Message<byte[]>> messages, Acknowledgement acknowledgement)
			throws Exception {
		Incoming incoming = new Incoming(messages, acknowledgement, this.batch);
		@Nullable Object[] values = new Object[this.arguments.size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = this.arguments.get(i).of(incoming);
		}
		incoming.requireDecodable();
		Observation observation = this.replies.observation();
		Message<byte[]> source = this.batch ? null : messages.get(0);
		return this.returned.take(call(values), (value) -> this.replies.publish(value, source, observation));
	}

	private @Nullable Object call(@Nullable Object[] values) throws Exception {
		if (this.suspending) {
			return ReactiveValues.invoke(this.method, this.bean, values);
		}
		try {
			return this.method.invoke(this.bean, values);
		}
		catch (InvocationTargetException ex) {
			if (ex.getTargetException() instanceof Error error) {
				throw error;
			}
			if (ex.getTargetException() instanceof Exception failure) {
				throw failure;
			}
			throw ex;
		}
	}

}
