package io.weir.transport.stream;

import java.util.concurrent.RejectedExecutionException;

import io.netty.channel.Channel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings work to a channel's event loop, and drops it when that has ended. */
final class EventLoops {

	private static final Logger logger = LoggerFactory.getLogger(EventLoops.class);

	private EventLoops() {
	}

	/** At once if this is the event loop. */
	static void execute(Channel channel, Runnable task) {
		if (channel.eventLoop().inEventLoop()) {
			task.run();
		}
		else {
			later(channel, task);
		}
	}

	/** After what is being done. */
	static void later(Channel channel, Runnable task) {
		try {
			channel.eventLoop().execute(task);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The transport is closed, and the stream with it", ex);
		}
	}

}
