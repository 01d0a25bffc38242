package io.weir.spring.listener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/** Tells the application of its listeners. Whoever hears it cannot harm them. */
record ListenerEvents(ApplicationEventPublisher publisher) {

	private static final Logger logger = LoggerFactory.getLogger(ListenerEvents.class);

	static final ListenerEvents NONE = new ListenerEvents((event) -> {
	});

	void publish(WeirListenerEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			FatalErrors.throwIfFatal(ex);
			logger.warn("Who was told of {} of listener '{}' failed, which changes nothing",
					event.getClass().getSimpleName(), event.listenerId(), ex);
		}
	}

}
