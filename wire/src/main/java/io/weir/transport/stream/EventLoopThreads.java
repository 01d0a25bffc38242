package io.weir.transport.stream;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;

import io.weir.transport.NonBlocking;

/** Makes the daemon threads of event loops, on which nobody may wait. */
public final class EventLoopThreads extends DefaultThreadFactory {

	/**
	 * Creates the factory.
	 * @param name how the names of the threads begin
	 */
	public EventLoopThreads(String name) {
		super(name, true);
	}

	@Override
	protected Thread newThread(Runnable task, String name) {
		return new EventLoopThread(this.threadGroup, task, name);
	}

	private static final class EventLoopThread extends FastThreadLocalThread implements NonBlocking {

		private EventLoopThread(ThreadGroup group, Runnable task, String name) {
			super(group, task, name);
		}

	}

}
