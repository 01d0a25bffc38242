package io.weir.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

import io.weir.sample.job.MainJobLifecycle;

/** Publishes 20,000 flights, checks that they arrive, and goes on showing the board. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class SampleApplication {

	/**
	 * Runs the sample; with {@code --sample.exit=true} it ends with the main job, with
	 * exit code 1 if something was lost, doubled or out of order.
	 * @param args the command line
	 */
	public static void main(String[] args) {
		var context = SpringApplication.run(SampleApplication.class, args);
		MainJobLifecycle job = context.getBean(MainJobLifecycle.class);
		if (job.endsTheApplication()) {
			job.join();
			System.exit(SpringApplication.exit(context));
		}
	}

}
