package io.weir.spring.autoconfigure;

import java.util.UUID;

import org.springframework.core.env.Environment;

/** Where replies to this instance of the application come. */
final class ReplyTopic {

	private static final int MAX_NAME = 100;

	private ReplyTopic() {
	}

	/** What was configured, or one that nobody else has. */
	static String of(WeirProperties.Template template, Environment environment) {
		if (template.replyTopic() != null) {
			return template.replyTopic();
		}
		String application = environment.getProperty("spring.application.name", "application")
			.replaceAll("[^A-Za-z0-9._-]", "-");
		return "replies." + application.substring(0, Math.min(application.length(), MAX_NAME)) + "."
				+ UUID.randomUUID();
	}

}
