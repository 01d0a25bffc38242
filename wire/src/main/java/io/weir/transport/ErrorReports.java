package io.weir.transport;

import java.util.function.Consumer;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever answers for the process of errors that come to a handler or a scheduled
 * task: Netty would log them, or not even that. Of any thread.
 */
final class ErrorReports {

	private static final Logger logger = LoggerFactory.getLogger(ErrorReports.class);

	static final ErrorReports NONE = new ErrorReports((error) -> {
	});

	private final Consumer<Error> listener;

	ErrorReports(Consumer<Error> listener) {
		this.listener = listener;
	}

	/** Tells of a failure if it is an error. */
	void tell(Throwable failure) {
		if (failure instanceof Error error) {
			this.listener.accept(error);
		}
	}

	/**
	 * For a task that is scheduled: its failure is logged and told, and it is run again
	 * if it is one that repeats.
	 */
	Runnable guarded(String what, Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				tell(ex);
				logger.error("{} failed", what, ex);
			}
		};
	}

	/** For the end of a pipeline: tells of what no other handler took. */
	ChannelInboundHandlerAdapter lastHandler() {
		return new ChannelInboundHandlerAdapter() {

			@Override
			@SuppressWarnings("deprecation")
			public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
				tell(cause);
				context.fireExceptionCaught(cause);
			}

		};
	}

}
