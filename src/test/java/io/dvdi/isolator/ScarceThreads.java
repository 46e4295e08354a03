// SPDX-License-Identifier: Apache-2.0
package io.dvdi.isolator;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A thread pool that can run out of threads, as at the limit of the agent's unit. */
final class ScarceThreads extends ThreadPoolExecutor {
  private final BooleanSupplier noThreads;

  ScarceThreads(BooleanSupplier noThreads) {
    super(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
    this.noThreads = noThreads;
  }

  @Override
  public void execute(Runnable body) {
    if (noThreads.getAsBoolean()) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    super.execute(body);
  }
}
