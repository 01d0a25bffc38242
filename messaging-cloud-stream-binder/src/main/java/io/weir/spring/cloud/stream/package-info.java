/**
 * The binder of Spring Cloud Stream: destinations are topics, groups are subscriptions.
 */
@NullMarked
package io.weir.spring.cloud.stream;

import org.jspecify.annotations.NullMarked;
