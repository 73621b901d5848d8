#!/bin/sh
# The first process of the tests' guest: says when it is ready, runs the lines typed at its console,
# powers off when the button is pressed.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod /lib/$module.ko; done </etc/modules
for events in /dev/input/event*; do
  [ -c "$events" ] && (dd if="$events" of=/dev/null bs=24 count=1 2>/dev/null; poweroff -f) &
done
echo "GUEST READY"
while true; do
  read -r line && sh -c "$line"
done
