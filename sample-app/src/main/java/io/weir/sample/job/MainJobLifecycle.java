package io.weir.sample.job;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Runs the main job on its own thread, begun when everything else is up and ended before
 * anything else goes down.
 */
@Component
public final class MainJobLifecycle implements SmartLifecycle, ExitCodeGenerator {

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

	private final MainJob job;

	private final SampleProperties properties;

	private final Environment environment;

	private volatile @Nullable Thread thread;

	private volatile boolean succeeded;

	MainJobLifecycle(MainJob job, SampleProperties properties, Environment environment) {
		this.job = job;
		this.properties = properties;
		this.environment = environment;
	}

	/**
	 * Whether the application ends with the job.
	 * @return the setting
	 */
	public boolean endsTheApplication() {
		return this.properties.exit();
	}

	/** Waits until the job has ended. */
	public void join() {
		Thread running = this.thread;
		if (running != null) {
			try {
				running.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** 1 unless everything arrived in order, each once. */
	@Override
	public int getExitCode() {
		return this.succeeded ? 0 : 1;
	}

	@Override
	public void start() {
		Thread started = new Thread(this::run, "main-job");
		this.thread = started;
		started.start();
	}

	@Override
	public void stop() {
		Thread running = this.thread;
		if (running != null) {
			running.interrupt();
			try {
				running.join(STOP_TIMEOUT.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.thread = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	private void run() {
		try {
			this.succeeded = this.job.run();
			if (!endsTheApplication()) {
				System.out.printf(Locale.ROOT,
						"%nThe live board is at http://localhost:%s/; Ctrl-C ends the application.%n",
						this.environment.getProperty("local.server.port"));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
