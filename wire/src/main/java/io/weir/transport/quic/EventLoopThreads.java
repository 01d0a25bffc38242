package io.weir.transport.quic;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;

import io.weir.transport.NonBlocking;

/** Makes the daemon threads of event loops. */
final class EventLoopThreads extends DefaultThreadFactory {

	EventLoopThreads(String name) {
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
