package io.weir.spring.listener;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;

/**
 * Puts off what would end the client under a listener that is being called: a listener
 * that closes its application context still has its message acknowledged when it returns.
 */
public final class AfterListener {

	private static final Logger logger = LoggerFactory.getLogger(AfterListener.class);

	private static final ThreadLocal<@Nullable AfterListener> CURRENT = new ThreadLocal<>();

	private static final int LOOK_MILLIS = 100;

	private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();

	private final CountDownLatch ended = new CountDownLatch(1);

	private final Thread thread = Thread.currentThread();

	private final Duration patience;

	/** Only touched by the thread. */
	private @Nullable Thread hook;

	private AfterListener(Duration patience) {
		this.patience = patience;
	}

	/**
	 * Runs an action at once; but if a listener has called, when that has returned and
	 * what it was given is acknowledged. Should the JVM end before that, since the
	 * listener has called {@link System#exit}, the action is run then.
	 * @param action the action
	 */
	public static void run(Runnable action) {
		AfterListener current = CURRENT.get();
		if (current == null) {
			action.run();
		}
		else {
			current.put(action);
		}
	}

	/**
	 * Has a bean closed by {@link #run} when its application context is closed, in place
	 * of a destroy method.
	 * @param factory the bean's factory
	 * @param beanName the bean's name
	 * @param close closes it
	 */
	public static void closes(BeanFactory factory, String beanName, Runnable close) {
		((DefaultSingletonBeanRegistry) factory).registerDisposableBean(beanName, () -> run(close));
	}

	/**
	 * The present thread begins to call a listener, again and again.
	 * @param patience how long the end of the JVM may wait for it
	 */
	static void begin(Duration patience) {
		CURRENT.set(new AfterListener(patience));
	}

	/** The listener has returned, and what it was given is acknowledged. */
	static void returned() {
		AfterListener current = CURRENT.get();
		if (current != null) {
			current.runAll();
		}
	}

	/** The present thread calls no listener any more. */
	static void end() {
		AfterListener current = CURRENT.get();
		CURRENT.remove();
		if (current != null) {
			current.runAll();
			current.ended.countDown();
		}
	}

	private void put(Runnable action) {
		this.actions.add(action);
		if (this.hook == null) {
			Thread created = new Thread(this::exiting, this.thread.getName() + "-exit");
			try {
				Runtime.getRuntime().addShutdownHook(created);
				this.hook = created;
			}
			catch (IllegalStateException ex) {
				logger.debug("The JVM ends already", ex);
				runActions();
			}
		}
	}

	private void runAll() {
		if (this.hook != null) {
			runActions();
			try {
				Runtime.getRuntime().removeShutdownHook(this.hook);
			}
			catch (IllegalStateException ex) {
				logger.debug("The JVM ends, and waits for this thread", ex);
			}
			this.hook = null;
		}
	}

	private void exiting() {
		long deadline = System.nanoTime() + this.patience.toNanos();
		try {
			while (!ThreadsThatEnd.contains(this.thread) && System.nanoTime() - deadline < 0
					&& !this.ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
				logger.trace("Waiting for {}", this.thread);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		runActions();
	}

	private void runActions() {
		for (Runnable action = this.actions.poll(); action != null; action = this.actions.poll()) {
			try {
				action.run();
			}
			catch (RuntimeException ex) {
				logger.warn("What a listener has closed could not be closed in order", ex);
			}
		}
	}

}
