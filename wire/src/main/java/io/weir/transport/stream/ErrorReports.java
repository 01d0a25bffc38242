package io.weir.transport.stream;

import java.util.function.Consumer;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever answers for the process of errors that come to a handler or a scheduled
 * task: Netty would log them, or not even that. Of any thread.
 */
public final class ErrorReports {

	private static final Logger logger = LoggerFactory.getLogger(ErrorReports.class);

	/** Tells nobody. */
	public static final ErrorReports NONE = new ErrorReports((error) -> {
	});

	private final Consumer<Error> listener;

	/**
	 * Creates the reports.
	 * @param listener is told of each error, on the thread that it hit
	 */
	public ErrorReports(Consumer<Error> listener) {
		this.listener = listener;
	}

	/**
	 * Tells of a failure if it is an error.
	 * @param failure any failure
	 */
	public void tell(Throwable failure) {
		if (failure instanceof Error error) {
			this.listener.accept(error);
		}
	}

	/**
	 * For a task that is scheduled: its failure is logged and told, and it is run again
	 * if it is one that repeats.
	 * @param what names the task in the log
	 * @param task what is scheduled
	 * @return the task, which throws nothing
	 */
	public Runnable guarded(String what, Runnable task) {
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

	/**
	 * For the end of a pipeline: tells of what no other handler took.
	 * @return a new handler
	 */
	public ChannelInboundHandlerAdapter lastHandler() {
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
