// The one place where Boost.JSON is compiled: everyone else uses its headers, and no binary links a
// library of it.
#include <boost/json/src.hpp>
