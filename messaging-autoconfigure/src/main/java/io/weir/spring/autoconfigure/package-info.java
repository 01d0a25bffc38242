/**
 * Auto-configuration of the client and of what an application injects and annotates.
 */
@NullMarked
package io.weir.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
