package io.weir.spring.listener;

import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.concurrent.Causes;
import io.weir.message.Message;
import io.weir.spring.Acknowledgement;
import io.weir.spring.MessageTypeFilter;

/** Tells interceptors of what a listener is given. */
record InterceptedListener(String id, WeirMessageListener listener,
		List<WeirListenerInterceptor> interceptors) implements WeirMessageListener {

	private static final Logger logger = LoggerFactory.getLogger(InterceptedListener.class);

	@Override
	public MessageTypeFilter.Fit fit(Message<byte[]> message) {
		return this.listener.fit(message);
	}

	@Override
	public boolean acknowledges() {
		return this.listener.acknowledges();
	}

	@Override
	public @Nullable CompletionStage<?> onMessages(List<Message<byte[]>> messages, Acknowledgement acknowledgement)
			throws Exception {
		int told = 0;
		CompletionStage<?> stage;
		try {
			for (WeirListenerInterceptor interceptor : this.interceptors) {
				interceptor.before(this.id, messages);
				told++;
			}
			stage = this.listener.onMessages(messages, acknowledgement);
		}
		catch (Throwable ex) {
			after(told, messages, ex);
			throw ex;
		}
		if (stage == null) {
			after(told, messages, null);
			return null;
		}
		int all = told;
		return stage
			.whenComplete((value, failure) -> after(all, messages, (failure != null) ? Causes.unwrap(failure) : null));
	}

	private void after(int told, List<Message<byte[]>> messages, @Nullable Throwable failure) {
		for (int i = told - 1; i >= 0; i--) {
			try {
				this.interceptors.get(i).after(this.id, messages, failure);
			}
			catch (Throwable ex) {
				FatalErrors.throwIfFatal(ex);
				logger.warn("An interceptor of listener '{}' failed, which changes nothing", this.id, ex);
			}
		}
	}

}
